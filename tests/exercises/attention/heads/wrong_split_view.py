# misconception: a view to the right shape puts the numbers into the right places
# message: the shape is right, but the numbers have come to other places
def split_heads(x, num_heads):
    batch_size, num_tokens, d_model = x.shape
    return x.reshape(batch_size, num_heads, num_tokens, d_model // num_heads)


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
