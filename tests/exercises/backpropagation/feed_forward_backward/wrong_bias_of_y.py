# misconception: both biases collect the same gradient
# message: b_1_bar has the shape|W_2 lies between U and Y
import torch


def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    U_bar = (Y_bar @ W_2.T) * (U > 0)
    return Y_bar + U_bar @ W_1.T, X.T @ U_bar, Y_bar.sum(dim=0), torch.relu(U).T @ Y_bar, Y_bar.sum(dim=0)
