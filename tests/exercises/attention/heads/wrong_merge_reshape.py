# misconception: a reshape alone undoes the split
# message: token 0 holds numbers of the tokens \[0, 1, 2\]: which axis
def split_heads(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)


def merge_heads(x):
    return x.reshape(x.shape[0], x.shape[2], -1)
