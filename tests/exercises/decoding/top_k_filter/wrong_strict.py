# misconception: what is not larger than the k-th falls out
# message: fewer tokens are left than k says
import math


def top_k_filter(logits, k):
    smallest = logits.topk(min(k, len(logits))).values[-1]
    return logits.masked_fill(logits <= smallest, -math.inf)
