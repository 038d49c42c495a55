# misconception: cross-attention reads with the same maps
# message: adds a norm alone
def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    attention = 2 * (num_heads + num_kv_heads) * d_head * d_model
    return attention + (2 + gated) * d_model * d_ff + (2 + cross_attention) * d_model
