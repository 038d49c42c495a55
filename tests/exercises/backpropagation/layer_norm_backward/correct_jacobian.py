# approach: the matrix of derivatives of a row
import torch


def layer_norm_backward(Y_bar, N, s, g):
    D = N.shape[1]
    eye = torch.eye(D, dtype=torch.float64)
    jacobian = (eye - 1 / D - N[:, :, None] * N[:, None, :] / D) / s[:, :, None]
    return torch.einsum("ti,tij->tj", Y_bar * g, jacobian), (N * Y_bar).sum(dim=0), sum(Y_bar)
