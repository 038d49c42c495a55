# misconception: single precision is exact enough
# message: is wrong for random heads|which vectors do the scores
def attention_backward(O_bar, Q, K, V, A):
    O_bar, Q, K, V, A = (tensor.float() for tensor in (O_bar, Q, K, V, A))
    A_bar = O_bar @ V.mT
    S_bar = A * (A_bar - (A * A_bar).sum(dim=2, keepdim=True)) / Q.shape[2] ** 0.5
    return [bar.double() for bar in (S_bar @ K, S_bar.mT @ Q, A.mT @ O_bar)]
