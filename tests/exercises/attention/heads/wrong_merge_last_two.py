# misconception: the last two axes are exchanged before they are merged
# message: are merged to the shape|token 0 holds numbers of the tokens
def split_heads(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)


def merge_heads(x):
    return x.transpose(2, 3).reshape(x.shape[0], x.shape[2], -1)
