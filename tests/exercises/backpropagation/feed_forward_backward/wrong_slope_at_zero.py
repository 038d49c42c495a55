# misconception: at zero the maximum has the slope 1
# message: if one inner number is 0.0: which derivative
import torch


def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    U_bar = (Y_bar @ W_2.T) * (U >= 0)
    return Y_bar + U_bar @ W_1.T, X.T @ U_bar, U_bar.sum(dim=0), torch.relu(U).T @ Y_bar, Y_bar.sum(dim=0)
