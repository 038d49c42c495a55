# approach: first to the centred row, then through the mean
import torch


def layer_norm_backward(Y_bar, N, s, g):
    N_bar = torch.mul(g, Y_bar)
    s_bar = -(N_bar * N).sum(1, keepdim=True) / s
    D_bar = N_bar / s + s_bar * N / N.shape[1]
    return D_bar - D_bar.mean(1, keepdim=True), (Y_bar * N).sum(0), Y_bar.sum(0)
