# misconception: the softmax's derivative is A (1 - A), entry by entry
# message: this counts its own alone
def attention_backward(O_bar, Q, K, V, A):
    S_bar = A * (1 - A) * (O_bar @ V.mT) / Q.shape[2] ** 0.5
    return S_bar @ K, S_bar.mT @ Q, A.mT @ O_bar
