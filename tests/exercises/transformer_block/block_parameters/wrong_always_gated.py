# misconception: every feed-forward network of this style is gated
# message: a third map only if it is gated
def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    attention = 2 * (num_heads + num_kv_heads) * d_head * d_model
    n = 1 + cross_attention
    return n * attention + 3 * d_model * d_ff + (n + 1) * d_model
