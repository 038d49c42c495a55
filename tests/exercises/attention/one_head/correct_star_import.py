# approach: names from torch and math, all of them
from math import *  # noqa: F403

from torch import *  # noqa: F403


def one_head(x, mask, w_query, w_key, w_value):
    q, k, v = (matmul(x, w) for w in (w_query, w_key, w_value))  # noqa: F405
    scores = where(mask, bmm(q, k.mT) * k.size(2) ** -0.5, -inf)  # noqa: F405
    return bmm(softmax(scores, 2), v)  # noqa: F405
