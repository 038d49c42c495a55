# approach: loops over rows, heads and tokens, in float64
import torch


def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    x = x.double()
    q, k, v = x @ w_query.double(), x @ w_key.double(), x @ w_value.double()
    width = x.shape[2] // num_heads
    mixed = torch.empty_like(x)
    for b in range(x.shape[0]):
        for h in range(num_heads):
            own = range(h * width, (h + 1) * width)
            for t in range(x.shape[1]):
                seen = mask[b, t].nonzero()[:, 0]
                weights = torch.softmax(k[b][seen][:, own] @ q[b, t, own] / width**0.5, dim=0)
                mixed[b, t, own] = weights @ v[b][seen][:, own]
    return mixed @ w_output.double()
