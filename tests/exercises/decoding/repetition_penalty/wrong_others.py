# misconception: the tokens that did not occur are the ones to change
# message: tokens 0 to 2 did not occur, and their logits .* became
import torch


def repetition_penalty(logits, token_ids, penalty):
    new = [token for token in range(len(logits)) if token not in token_ids]
    result = logits.clone()
    result[new] = torch.where(logits > 0, logits / penalty, logits * penalty)[new]
    return result
