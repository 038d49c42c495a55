# misconception: only the queries were scaled
# message: which vectors do the scores multiply the keys with
def attention_backward(O_bar, Q, K, V, A):
    A_bar = O_bar @ V.mT
    S_bar = A * (A_bar - (A * A_bar).sum(dim=2, keepdim=True))
    return S_bar @ K / Q.shape[2] ** 0.5, S_bar.mT @ Q, A.mT @ O_bar
