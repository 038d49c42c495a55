# misconception: the gradient takes the shortest way
# message: X also reaches Y through U
import torch


def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    U_bar = (Y_bar @ W_2.T) * (U > 0)
    return Y_bar.clone(), X.T @ U_bar, U_bar.sum(dim=0), torch.relu(U).T @ Y_bar, Y_bar.sum(dim=0)
