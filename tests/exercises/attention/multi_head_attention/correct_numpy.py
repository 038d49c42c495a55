# approach: numpy, one head after the other
import numpy as np
import torch


def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    x, w_query, w_key, w_value, w_output = (t.double().numpy() for t in (x, w_query, w_key, w_value, w_output))
    heads = []
    for q, k, v in zip(*(np.split(x @ w, num_heads, axis=-1) for w in (w_query, w_key, w_value)), strict=True):
        scores = np.where(mask.numpy(), q @ k.swapaxes(1, 2) / np.sqrt(k.shape[-1]), -np.inf)
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        heads.append(weights / weights.sum(axis=-1, keepdims=True) @ v)
    return torch.from_numpy(np.concatenate(heads, axis=-1) @ w_output)
