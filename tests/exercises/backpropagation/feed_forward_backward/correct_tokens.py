# approach: token by token, added up
import torch


def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    X_bar = Y_bar.clone()
    W_1_bar, W_2_bar = torch.zeros_like(W_1), torch.zeros_like(W_2)
    b_1_bar, b_2_bar = torch.zeros_like(U[0]), torch.zeros_like(X[0])
    for t in range(len(X)):
        z = U[t].clamp(min=0)
        z_bar = W_2 @ Y_bar[t]
        u_bar = torch.where(z > 0, z_bar, 0.0)
        X_bar[t] += W_1 @ u_bar
        W_1_bar += torch.outer(X[t], u_bar)
        b_1_bar += u_bar
        W_2_bar += torch.outer(z, Y_bar[t])
        b_2_bar += Y_bar[t]
    return X_bar, W_1_bar, b_1_bar, W_2_bar, b_2_bar
