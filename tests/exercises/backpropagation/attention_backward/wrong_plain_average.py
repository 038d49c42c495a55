# misconception: the average is not weighted
# message: raising both scores|Q_bar begins with
def attention_backward(O_bar, Q, K, V, A):
    A_bar = O_bar @ V.mT
    S_bar = A * (A_bar - A_bar.mean(dim=2, keepdim=True)) / Q.shape[2] ** 0.5
    return S_bar @ K, S_bar.mT @ Q, A.mT @ O_bar
