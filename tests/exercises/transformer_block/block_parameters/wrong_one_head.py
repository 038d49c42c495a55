# misconception: the maps of attention make one head
# message: the width of all heads together is num_heads times d_head, not d_head|too few
def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    attention = 4 * d_model * d_head
    n = 1 + cross_attention
    return n * attention + (2 + gated) * d_model * d_ff + (n + 1) * d_model
