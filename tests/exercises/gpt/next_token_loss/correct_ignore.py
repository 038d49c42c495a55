# approach: targets are shifted, and the last position is ignored
import torch


def next_token_loss(logits, token_ids):
    nothing = torch.full((len(token_ids), 1), -100)
    targets = torch.cat([token_ids[:, 1:], nothing], dim=1)
    return torch.nn.functional.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))
