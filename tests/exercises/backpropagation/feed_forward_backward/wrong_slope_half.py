# misconception: at zero the slope is between 0 and 1
# message: if one inner number is 0.0: which derivative
import torch


def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    U_bar = (Y_bar @ W_2.T) * torch.heaviside(U, torch.tensor(0.5, dtype=U.dtype))
    return Y_bar + U_bar @ W_1.T, X.T @ U_bar, U_bar.sum(dim=0), torch.relu(U).T @ Y_bar, Y_bar.sum(dim=0)
