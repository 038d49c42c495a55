# misconception: padding does no harm
# message: the padding is read as well
import math


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    scores = x @ w_query @ (source @ w_key).mT / math.sqrt(w_query.shape[1])
    return scores.softmax(-1) @ (source @ w_value)
