# approach: einsum, and a very negative number instead of minus infinity
import torch


def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = (torch.einsum("btd,dhk->bthk", x, w.unflatten(1, (num_heads, -1))) for w in (w_query, w_key, w_value))
    scores = torch.einsum("bthk,bshk->bhts", q, k) * q.shape[-1] ** -0.5
    scores = torch.where(mask[:, None], scores, torch.tensor(-1e9))
    return torch.einsum("bhts,bshk,hkd->btd", scores.softmax(-1), v, w_output.unflatten(0, (num_heads, -1)))
