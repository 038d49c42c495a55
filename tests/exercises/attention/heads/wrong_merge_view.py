# misconception: view can follow a transpose
# message: view size is not compatible
def split_heads(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)


def merge_heads(x):
    batch_size, num_heads, num_tokens, width = x.shape
    return x.transpose(1, 2).view(batch_size, num_tokens, num_heads * width)
