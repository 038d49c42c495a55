# approach: names from torch and math, all of them
from math import *  # noqa: F403

from torch import *  # noqa: F403


def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = (stack((x @ w).chunk(num_heads, 2), 1) for w in (w_query, w_key, w_value))  # noqa: F405
    scores = where(mask.unsqueeze(1), matmul(q, k.mT) / sqrt(tensor(k.size(-1))), -inf)  # noqa: F405
    return cat(matmul(softmax(scores, -1), v).unbind(1), dim=-1) @ w_output  # noqa: F405
