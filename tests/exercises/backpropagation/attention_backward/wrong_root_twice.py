# misconception: the scale comes once for Q and once for K
# message: the root once more
def attention_backward(O_bar, Q, K, V, A):
    A_bar = O_bar @ V.mT
    S_bar = A * (A_bar - (A * A_bar).sum(dim=2, keepdim=True)) / Q.shape[2]
    return S_bar @ K, S_bar.mT @ Q, A.mT @ O_bar
