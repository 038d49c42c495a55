# approach: a mask of the tokens that occurred, and torch.where twice
import torch


def repetition_penalty(logits, token_ids, penalty):
    seen = torch.zeros(len(logits), dtype=torch.bool)
    seen[torch.tensor(token_ids, dtype=torch.long)] = True
    return torch.where(seen, torch.where(logits > 0, logits / penalty, logits * penalty), logits)
