# approach: view and transpose; contiguous and view
def split_heads(x, num_heads):
    batch_size, num_tokens, d_model = x.shape
    return x.reshape(batch_size, num_tokens, num_heads, d_model // num_heads).transpose(1, 2)


def merge_heads(x):
    batch_size, num_heads, num_tokens, width = x.shape
    return x.permute(0, 2, 1, 3).contiguous().view(batch_size, num_tokens, num_heads * width)
