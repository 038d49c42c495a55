# approach: both products transposed; ones in place of a sum
import torch


def linear_backward(Y_bar, X, W):
    ones = torch.ones(len(X), dtype=X.dtype)
    return (W @ Y_bar.T).T, (Y_bar.T @ X).T, ones @ Y_bar
