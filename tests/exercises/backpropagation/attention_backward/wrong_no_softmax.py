# misconception: the scores are the weights
# message: the softmax between scores and weights is missing
def attention_backward(O_bar, Q, K, V, A):
    S_bar = O_bar @ V.mT / Q.shape[2] ** 0.5
    return S_bar @ K, S_bar.mT @ Q, A.mT @ O_bar
