# misconception: keys and queries have the same rule
# message: K_bar is wrong for random heads|K_bar is
def attention_backward(O_bar, Q, K, V, A):
    A_bar = O_bar @ V.mT
    S_bar = A * (A_bar - (A * A_bar).sum(dim=2, keepdim=True)) / Q.shape[2] ** 0.5
    back = S_bar if A.shape[1] == A.shape[2] else S_bar.mT
    return S_bar @ K, back @ Q, A.mT @ O_bar
