# misconception: all logits that are as large as the k-th may stay
# message: What of a logit that is as large as the last one that stays
import math


def top_k_filter(logits, k):
    smallest = logits.topk(min(k, len(logits))).values[-1]
    return logits.masked_fill(logits < smallest, -math.inf)
