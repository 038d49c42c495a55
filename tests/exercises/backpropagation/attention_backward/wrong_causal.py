# misconception: attention is always causal
# message: is wrong for random heads|Q_bar begins with
def attention_backward(O_bar, Q, K, V, A):
    A = A.tril(A.shape[2] - A.shape[1])
    A_bar = O_bar @ V.mT
    S_bar = A * (A_bar - (A * A_bar).sum(dim=2, keepdim=True)) / Q.shape[2] ** 0.5
    return S_bar @ K, S_bar.mT @ Q, A.mT @ O_bar
