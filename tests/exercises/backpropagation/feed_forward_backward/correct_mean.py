# approach: means times the number of tokens; the sign as the slope
import torch


def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    slope = torch.sign(torch.relu(U))
    U_bar = slope * torch.matmul(Y_bar, W_2.transpose(0, 1))
    T = len(X)
    X_bar = torch.addmm(Y_bar, U_bar, W_1.transpose(0, 1))
    return X_bar, X.mT @ U_bar, T * U_bar.mean(0), (slope * U).mT @ Y_bar, T * Y_bar.mean(0)
