# approach: what is switched off is filled with zeros
import torch


def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    Z = torch.nn.functional.relu(U)
    U_bar = (Y_bar @ W_2.T).masked_fill(Z == 0, 0)
    ones = torch.ones(1, len(X), dtype=X.dtype)
    return U_bar @ W_1.T + Y_bar, X.T @ U_bar, (ones @ U_bar)[0], Z.T @ Y_bar, (ones @ Y_bar)[0]
