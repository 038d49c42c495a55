# misconception: exchanging the axes is all there is to merging
# message: are merged to the shape \(2, 5, 3, 4\): one axis of columns is left
def split_heads(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)


def merge_heads(x):
    return x.transpose(1, 2)
