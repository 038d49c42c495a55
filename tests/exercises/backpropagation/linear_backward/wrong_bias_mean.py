# misconception: the bias is shared by the tokens, so its gradient is their mean
# message: b_bar\[0\] is 1/3 instead of 1
def linear_backward(Y_bar, X, W):
    return Y_bar @ W.T, X.T @ Y_bar, Y_bar.mean(dim=0)
