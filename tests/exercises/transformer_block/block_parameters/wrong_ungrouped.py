# misconception: every query head has its own key and value
# message: the keys and values have num_kv_heads heads only
def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    attention = 4 * d_model * num_heads * d_head
    n = 1 + cross_attention
    return n * attention + (2 + gated) * d_model * d_ff + (n + 1) * d_model
