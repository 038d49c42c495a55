# misconception: the results of the heads are added
# message: are merged to the shape \(2, 5, 4\)
def split_heads(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)


def merge_heads(x):
    return x.sum(dim=1)
