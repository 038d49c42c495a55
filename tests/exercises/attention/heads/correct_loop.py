# approach: column ranges are copied in a loop
def split_heads(x, num_heads):
    width = x.shape[2] // num_heads
    heads = x.new_empty(x.shape[0], num_heads, x.shape[1], width)
    for h in range(num_heads):
        heads[:, h] = x[:, :, h * width : (h + 1) * width]
    return heads


def merge_heads(x):
    width = x.shape[3]
    merged = x.new_empty(x.shape[0], x.shape[2], x.shape[1] * width)
    for h in range(x.shape[1]):
        merged[:, :, h * width : (h + 1) * width] = x[:, h]
    return merged
