# approach: a sum of outer products
import torch


def linear_backward(Y_bar, X, W):
    W_bar = sum(torch.outer(x, y) for x, y in zip(X, Y_bar, strict=True))
    X_bar = torch.stack([W @ y for y in Y_bar])
    return X_bar, W_bar, sum(Y_bar)
