# misconception: an RMSNorm has a bias
# message: and no bias
def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    attention = 2 * (num_heads + num_kv_heads) * d_head * d_model
    n = 1 + cross_attention
    return n * attention + (2 + gated) * d_model * d_ff + 2 * (n + 1) * d_model
