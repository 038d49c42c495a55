# misconception: gradients of tokens are averaged
# message: added, not averaged
import torch


def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    U_bar = (Y_bar @ W_2.T) * (U > 0)
    T = len(X)
    return Y_bar + U_bar @ W_1.T, X.T @ U_bar / T, U_bar.mean(dim=0), torch.relu(U).T @ Y_bar / T, Y_bar.mean(dim=0)
