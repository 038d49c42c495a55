# misconception: the whole vocabulary is punished
# message: tokens 0 to 2 did not occur, and their logits .* became
import torch


def repetition_penalty(logits, token_ids, penalty):
    return torch.where(logits > 0, logits / penalty, logits * penalty)
