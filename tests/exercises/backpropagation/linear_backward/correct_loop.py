# approach: every factor by itself, in a list
import torch


def linear_backward(Y_bar, X, W):
    X_bar, W_bar, b_bar = torch.zeros_like(X), torch.zeros_like(W), torch.zeros_like(W[0])
    for t in range(len(X)):
        for j in range(W.shape[1]):
            X_bar[t] += Y_bar[t, j] * W[:, j]
            W_bar[:, j] += Y_bar[t, j] * X[t]
            b_bar[j] += Y_bar[t, j]
    return [X_bar, W_bar, b_bar]
