# misconception: cross-attention shares the norm of attention
# message: adds an attention without its norm
def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    attention = 2 * (num_heads + num_kv_heads) * d_head * d_model
    return (1 + cross_attention) * attention + (2 + gated) * d_model * d_ff + 2 * d_model
