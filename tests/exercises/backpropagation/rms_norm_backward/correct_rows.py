# approach: row by row, in numbers
import math

import torch


def rms_norm_backward(Y_bar, X, g, eps):
    D, X_bar, g_bar = len(g), torch.zeros_like(X), torch.zeros_like(g)
    for t in range(len(X)):
        s = math.sqrt(float(X[t] @ X[t]) / D + eps)
        n_bar = g * Y_bar[t]
        X_bar[t] = n_bar / s - X[t] * float(n_bar @ X[t]) / (D * s**3)
        g_bar += Y_bar[t] * X[t] / s
    return X_bar, g_bar
