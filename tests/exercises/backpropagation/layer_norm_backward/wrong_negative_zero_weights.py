# misconception: a weight of 0 would switch a column off, so it counts as 1
# message: X_bar is wrong for random rows
import torch


def layer_norm_backward(Y_bar, N, s, g):
    g = torch.where(g == 0, 1.0, g)
    N_bar = Y_bar * g
    X_bar = (N_bar - N_bar.mean(dim=1, keepdim=True) - N * (N_bar * N).mean(dim=1, keepdim=True)) / s
    return X_bar, (Y_bar * N).sum(dim=0), Y_bar.sum(dim=0)
