# approach: through the logarithm and the softmax's Jacobian
import torch


def cross_entropy_backward(logits, targets):
    T, V = logits.shape
    p = torch.softmax(logits, dim=1)
    jacobian = torch.diag_embed(p) - p[:, :, None] * p[:, None, :]
    safe = p[torch.arange(T), targets].clamp(min=1e-300)
    row = jacobian[torch.arange(T), targets]
    exact = -row / safe[:, None] / T
    said = (p - torch.eye(V, dtype=torch.float64)[targets]) / T
    return torch.where(safe[:, None] > 1e-200, exact, said)
