# misconception: the axes of the argument can be exchanged where they are
# message: your function changed the tensor that it was given|are merged to the shape
def split_heads(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)


def merge_heads(x):
    return x.transpose_(1, 2).flatten(2)
