# misconception: every H-th column belongs to a head
# message: head 0 holds the columns \[0, 3, 6, 9\]: a head's columns stand side by side
def split_heads(x, num_heads):
    return x.reshape(x.shape[0], x.shape[1], -1, num_heads).permute(0, 3, 1, 2)


def merge_heads(x):
    return x.permute(0, 2, 3, 1).flatten(2)
