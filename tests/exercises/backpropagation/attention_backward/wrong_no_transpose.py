# misconception: values get what the queries get
# message: which queries use a value|size|with which factor does a value enter
def attention_backward(O_bar, Q, K, V, A):
    A_bar = O_bar @ V.mT
    S_bar = A * (A_bar - (A * A_bar).sum(dim=2, keepdim=True)) / Q.shape[2] ** 0.5
    weights = A if A.shape[1] == A.shape[2] else A.mT
    return S_bar @ K, S_bar.mT @ Q, weights @ O_bar
