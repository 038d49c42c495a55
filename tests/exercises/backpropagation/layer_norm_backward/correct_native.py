# approach: PyTorch's own rule, told that the mean is 0
import torch


def layer_norm_backward(Y_bar, N, s, g):
    X = N * s
    found = torch.ops.aten.native_layer_norm_backward(
        Y_bar, X, [len(g)], X.mean(1, keepdim=True), 1 / s, g, g, [True] * 3
    )
    return list(found)
