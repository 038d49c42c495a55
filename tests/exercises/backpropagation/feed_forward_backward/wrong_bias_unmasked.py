# misconception: the first bias is added before anything is switched off
# message: no change of this bias reaches Y
import torch


def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    Z_bar = Y_bar @ W_2.T
    U_bar = Z_bar * (U > 0)
    return Y_bar + U_bar @ W_1.T, X.T @ U_bar, Z_bar.sum(dim=0), torch.relu(U).T @ Y_bar, Y_bar.sum(dim=0)
