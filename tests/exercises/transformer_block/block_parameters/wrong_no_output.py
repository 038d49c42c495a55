# misconception: heads are put side by side and that is all
# message: attention has four maps
def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    attention = (num_heads + 2 * num_kv_heads) * d_head * d_model
    n = 1 + cross_attention
    return n * attention + (2 + gated) * d_model * d_ff + (n + 1) * d_model
