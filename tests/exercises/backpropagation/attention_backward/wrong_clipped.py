# misconception: gradients beyond 100 are cut
# message: in the thousands
import math


def attention_backward(O_bar, Q, K, V, A):
    A_bar = O_bar @ V.mT
    S_bar = A * (A_bar - (A * A_bar).sum(dim=-1, keepdim=True)) / math.sqrt(Q.shape[-1])
    return (S_bar @ K).clamp(-100, 100), (S_bar.mT @ Q).clamp(-100, 100), A.mT @ O_bar
