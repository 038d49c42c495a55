# misconception: the average runs over the heads, too
# message: though its O_bar is: heads do not mix|is wrong for random heads
def attention_backward(O_bar, Q, K, V, A):
    A_bar = O_bar @ V.mT
    average = (A * A_bar).sum(dim=(0, 2), keepdim=True)
    S_bar = A * (A_bar - average) / Q.shape[2] ** 0.5
    return S_bar @ K, S_bar.mT @ Q, A.mT @ O_bar
