# misconception: one token stands for all
# message: row 0 of X_bar|the loss is Y\[1, 0\] alone
import torch


def linear_backward(Y_bar, X, W):
    return Y_bar @ W.T, torch.outer(X[0], Y_bar[0]), Y_bar.sum(dim=0)
