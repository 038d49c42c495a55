# approach: names from torch and math, all of them
from math import *  # noqa: F403

from torch import *  # noqa: F403


def attention_weights(queries, keys):
    scores = matmul(queries, transpose(keys, 0, 1)) / sqrt(tensor(queries.shape[1]))  # noqa: F405
    return softmax(scores, 1)  # noqa: F405
