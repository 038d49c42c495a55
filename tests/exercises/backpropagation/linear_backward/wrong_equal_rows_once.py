# misconception: a token that occurs twice teaches once
# message: each of them counts
import torch


def linear_backward(Y_bar, X, W):
    rows = torch.unique(torch.cat([X, Y_bar], dim=1), dim=0)
    x, y = rows[:, : X.shape[1]], rows[:, X.shape[1] :]
    return Y_bar @ W.T, x.T @ y, Y_bar.sum(dim=0)
