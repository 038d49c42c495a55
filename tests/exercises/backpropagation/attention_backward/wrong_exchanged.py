# misconception: the bar of the queries comes from the queries
# message: Q_bar has the shape
def attention_backward(O_bar, Q, K, V, A):
    A_bar = O_bar @ V.mT
    S_bar = A * (A_bar - (A * A_bar).sum(dim=2, keepdim=True)) / Q.shape[2] ** 0.5
    return S_bar.mT @ Q, S_bar @ K, A.mT @ O_bar
