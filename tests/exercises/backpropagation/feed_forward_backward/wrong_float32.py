# misconception: single precision is exact enough
# message: is wrong for a random sublayer
import torch


def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    Y_bar, X, U, W_1, W_2 = (tensor.float() for tensor in (Y_bar, X, U, W_1, W_2))
    U_bar = (Y_bar @ W_2.T) * (U > 0)
    results = Y_bar + U_bar @ W_1.T, X.T @ U_bar, U_bar.sum(dim=0), torch.relu(U).T @ Y_bar, Y_bar.sum(dim=0)
    return [result.double() for result in results]
