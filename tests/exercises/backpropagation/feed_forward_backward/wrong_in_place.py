# misconception: the bar of Y becomes that of X
# message: changed its argument
import torch


def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    U_bar = (Y_bar @ W_2.T) * (U > 0)
    results = X.T @ U_bar, U_bar.sum(dim=0), torch.relu(U).T @ Y_bar, Y_bar.sum(dim=0)
    Y_bar += U_bar @ W_1.T
    return Y_bar.clone(), *results
