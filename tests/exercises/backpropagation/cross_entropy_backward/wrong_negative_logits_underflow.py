# misconception: only large logits are dangerous, so only those above 0 are shifted
# message: which exponentials are all 0
import torch


def cross_entropy_backward(logits, targets):
    e = (logits - logits.max(dim=1, keepdim=True).values.clamp(min=0)).exp()
    p = e / (e.sum(dim=1, keepdim=True) + 1e-300)
    small = e.sum(dim=1) == 0
    p[small] = 1 / logits.shape[1]
    return (p - torch.eye(logits.shape[1], dtype=logits.dtype)[targets]) / len(logits)
