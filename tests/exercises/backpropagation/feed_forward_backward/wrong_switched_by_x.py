# misconception: the slope depends on the input's sign
# message: X_bar is|must match the size
import torch


def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    U_bar = (Y_bar @ W_2.T) * (X[:, :1] > 0)
    return Y_bar + U_bar @ W_1.T, X.T @ U_bar, U_bar.sum(dim=0), torch.relu(U).T @ Y_bar, Y_bar.sum(dim=0)
