# misconception: gradients of tokens are averaged
# message: added up, not averaged
def linear_backward(Y_bar, X, W):
    return Y_bar @ W.T, X.T @ Y_bar / len(X), Y_bar.mean(dim=0)
