# approach: view for the split, whose input is contiguous; a copy for the merge
def split_heads(x, num_heads):
    batch_size, num_tokens, d_model = x.shape
    return x.view(batch_size, num_tokens, num_heads, d_model // num_heads).permute(0, 2, 1, 3)


def merge_heads(x):
    return x.movedim(1, 2).contiguous().view(x.shape[0], x.shape[2], -1)
