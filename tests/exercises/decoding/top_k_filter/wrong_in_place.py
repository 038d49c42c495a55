# misconception: the caller does not need the logits any more
# message: your function changed the logits that were given to it
import math


def top_k_filter(logits, k):
    logits[logits.argsort(descending=True)[k:]] = -math.inf
    return logits
