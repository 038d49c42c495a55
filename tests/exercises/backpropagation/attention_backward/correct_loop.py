# approach: head by head and query by query, with the softmax's matrix
import torch


def attention_backward(O_bar, Q, K, V, A):
    Q_bar, K_bar, V_bar = torch.zeros_like(Q), torch.zeros_like(K), torch.zeros_like(V)
    for h in range(Q.shape[0]):
        for t in range(Q.shape[1]):
            a = A[h, t]
            V_bar[h] += torch.outer(a, O_bar[h, t])
            jacobian = torch.diag(a) - torch.outer(a, a)
            s_bar = jacobian @ (V[h] @ O_bar[h, t]) / Q.shape[2] ** 0.5
            Q_bar[h, t] = s_bar @ K[h]
            K_bar[h] += torch.outer(s_bar, Q[h, t])
    return [Q_bar, K_bar, V_bar]
