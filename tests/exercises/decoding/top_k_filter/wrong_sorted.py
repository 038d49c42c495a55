# misconception: the result is sorted
# message: the logits that stay are not in their places
import math


def top_k_filter(logits, k):
    ordered = logits.sort(descending=True).values
    ordered[k:] = -math.inf
    return ordered
