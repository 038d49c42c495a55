# misconception: every linear map has a bias
# message: there are no biases
def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    attention = 2 * (num_heads + num_kv_heads) * d_head * d_model
    attention += (num_heads + 2 * num_kv_heads) * d_head + d_model
    n = 1 + cross_attention
    feed_forward = (2 + gated) * d_model * d_ff + (1 + gated) * d_ff + d_model
    return n * attention + feed_forward + (n + 1) * d_model
