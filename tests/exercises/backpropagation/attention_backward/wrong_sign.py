# misconception: the average less the weight's own gradient
# message: the sign is the opposite
def attention_backward(O_bar, Q, K, V, A):
    A_bar = O_bar @ V.mT
    S_bar = A * ((A * A_bar).sum(dim=2, keepdim=True) - A_bar) / Q.shape[2] ** 0.5
    return S_bar @ K, S_bar.mT @ Q, A.mT @ O_bar
