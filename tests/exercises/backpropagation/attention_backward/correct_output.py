# approach: the average comes from the output, as in FlashAttention
import math


def attention_backward(O_bar, Q, K, V, A):
    output = A @ V
    average = (output * O_bar).sum(-1, keepdim=True)
    S_bar = A * (O_bar @ V.transpose(-2, -1) - average)
    root = math.sqrt(Q.shape[-1])
    return S_bar @ K / root, S_bar.transpose(-2, -1) @ Q / root, A.transpose(-2, -1) @ O_bar
