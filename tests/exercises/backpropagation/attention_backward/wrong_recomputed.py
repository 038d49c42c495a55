# misconception: the weights are the softmax of all scores
# message: which queries use a value|is wrong for random heads|a query that sees one key
import torch


def attention_backward(O_bar, Q, K, V, A):
    A = torch.softmax(Q @ K.mT / Q.shape[2] ** 0.5, dim=2)
    A_bar = O_bar @ V.mT
    S_bar = A * (A_bar - (A * A_bar).sum(dim=2, keepdim=True)) / Q.shape[2] ** 0.5
    return S_bar @ K, S_bar.mT @ Q, A.mT @ O_bar
