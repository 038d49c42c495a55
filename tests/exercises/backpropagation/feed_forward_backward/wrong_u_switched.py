# misconception: what is off is set to zero in U itself
# message: changed its argument
def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    U_bar = (Y_bar @ W_2.T) * (U > 0)
    Z = U.relu_()
    return Y_bar + U_bar @ W_1.T, X.T @ U_bar, U_bar.sum(dim=0), Z.T @ Y_bar, Y_bar.sum(dim=0)
