# misconception: positive logits are multiplied, negative ones divided
# message: its logit grew from 8 to 16.0|its logit went from -4 to -2.0
import torch


def repetition_penalty(logits, token_ids, penalty):
    result = logits.clone()
    tokens = list(set(token_ids))
    result[tokens] = torch.where(logits > 0, logits * penalty, logits / penalty)[tokens]
    return result
