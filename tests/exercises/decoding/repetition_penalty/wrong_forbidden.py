# misconception: a token that occurred must not occur again
# message: with the penalty 2, the logits -4 and 8 became
import math


def repetition_penalty(logits, token_ids, penalty):
    result = logits.clone()
    for token in token_ids:
        result[token] = -math.inf
    return result
