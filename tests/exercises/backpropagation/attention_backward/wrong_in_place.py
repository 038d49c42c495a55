# misconception: the weights are not needed any more
# message: changed its argument
def attention_backward(O_bar, Q, K, V, A):
    V_bar, A_bar = A.mT @ O_bar, O_bar @ V.mT
    A *= A_bar - (A * A_bar).sum(dim=2, keepdim=True)
    return A @ K / Q.shape[2] ** 0.5, A.mT @ Q / Q.shape[2] ** 0.5, V_bar
