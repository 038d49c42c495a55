# misconception: the gradient of the weights is that of the scores, weighted
# message: raising one score lowers the other weights
def attention_backward(O_bar, Q, K, V, A):
    S_bar = A * (O_bar @ V.mT) / Q.shape[2] ** 0.5
    return S_bar @ K, S_bar.mT @ Q, A.mT @ O_bar
