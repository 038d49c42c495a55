# misconception: the columns of the heads alternate after the merge
# message: the columns of token 0 come from the heads \[0, 1, 2, 0
def split_heads(x, num_heads):
    return x.unflatten(-1, (num_heads, -1)).transpose(1, 2)


def merge_heads(x):
    return x.permute(0, 2, 3, 1).flatten(2)
