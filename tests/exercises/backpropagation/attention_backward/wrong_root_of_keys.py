# misconception: the scale is the root of the number of keys
# message: Q_bar begins with|is wrong for random heads
def attention_backward(O_bar, Q, K, V, A):
    A_bar = O_bar @ V.mT
    S_bar = A * (A_bar - (A * A_bar).sum(dim=2, keepdim=True)) / K.shape[1] ** 0.5
    return S_bar @ K, S_bar.mT @ Q, A.mT @ O_bar
