# misconception: a head has 4 columns, as in the visible tests
# message: is invalid for input of size
def split_heads(x, num_heads):
    return x.reshape(x.shape[0], x.shape[1], num_heads, 4).transpose(1, 2)


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
