# misconception: the source is given and not trained
# message: no gradient reaches source|gradient of source
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    source = source.detach()
    text = torch.arange(source.shape[1]) < source_lengths[:, None]
    return torch.nn.functional.scaled_dot_product_attention(
        x @ w_query, source @ w_key, source @ w_value, text[:, None]
    )
