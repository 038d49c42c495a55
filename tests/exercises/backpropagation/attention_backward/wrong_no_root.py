# misconception: the scale belongs to the forward pass
# message: where is the root of d
def attention_backward(O_bar, Q, K, V, A):
    A_bar = O_bar @ V.mT
    S_bar = A * (A_bar - (A * A_bar).sum(dim=2, keepdim=True))
    return S_bar @ K, S_bar.mT @ Q, A.mT @ O_bar
