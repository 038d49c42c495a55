# misconception: num_heads is the width of a head
# message: have the shape \(2, 4, 5, 3\)
def split_heads(x, num_heads):
    return x.reshape(x.shape[0], x.shape[1], -1, num_heads).transpose(1, 2)


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
