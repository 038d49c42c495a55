# misconception: the bias enters with the factor 1, so its gradient is 1
# message: b_bar is
import torch


def linear_backward(Y_bar, X, W):
    return Y_bar @ W.T, X.T @ Y_bar, torch.ones_like(W[0])
