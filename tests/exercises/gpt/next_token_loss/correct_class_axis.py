# approach: torch's cross-entropy with the vocabulary as the second axis
import torch


def next_token_loss(logits, token_ids):
    return torch.nn.CrossEntropyLoss()(logits.mT[:, :, :-1], token_ids[:, 1:])
