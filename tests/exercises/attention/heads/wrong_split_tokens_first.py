# misconception: the heads can stay behind the tokens
# message: have the shape \(2, 5, 3, 4\): in which order do the axes come
def split_heads(x, num_heads):
    return x.reshape(x.shape[0], x.shape[1], num_heads, -1)


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
