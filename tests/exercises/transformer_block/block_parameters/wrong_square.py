# misconception: all heads together have the width D
# message: the width of all heads together|given|too
def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    attention = 2 * d_model * d_model + 2 * d_model * d_model * num_kv_heads // num_heads
    n = 1 + cross_attention
    return n * attention + (2 + gated) * d_model * d_ff + (n + 1) * d_model
