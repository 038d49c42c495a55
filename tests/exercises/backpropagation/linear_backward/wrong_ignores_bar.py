# misconception: the derivative is the matrix itself
# message: X_bar is not 0 in rows
import torch


def linear_backward(Y_bar, X, W):
    return torch.ones_like(Y_bar) @ W.T, X.T @ torch.ones_like(Y_bar), torch.ones_like(Y_bar).sum(dim=0)
