# approach: part by part
def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    total = 0
    for _ in range(1 + int(cross_attention)):
        query = output = d_model * num_heads * d_head
        key = value = d_model * num_kv_heads * d_head
        norm = d_model
        total += query + key + value + output + norm
    total += d_model * d_ff * (2 + bool(gated)) + d_model
    return total
