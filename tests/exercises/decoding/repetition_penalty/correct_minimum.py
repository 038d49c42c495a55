# approach: the smaller of the two results is the right one
import torch


def repetition_penalty(logits, token_ids, penalty):
    result = logits.clone()
    tokens = list(set(token_ids))
    result[tokens] = torch.minimum(logits[tokens] / penalty, logits[tokens] * penalty)
    return result
