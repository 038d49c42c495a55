# misconception: a bias of one number has no axis
# message: b_1_bar has the shape \(\)
def feed_forward_backward(Y_bar, X, U, W_1, W_2):
    U_bar = (Y_bar @ W_2.T) * (U > 0)
    b_1_bar = U_bar.sum(dim=0)
    if len(X) > 2:
        b_1_bar = b_1_bar.squeeze()
    return Y_bar + U_bar @ W_1.T, X.T @ U_bar, b_1_bar, U.clamp(min=0).T @ Y_bar, Y_bar.sum(dim=0)
