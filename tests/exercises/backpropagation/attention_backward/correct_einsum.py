# approach: sums over named axes
import torch


def attention_backward(O_bar, Q, K, V, A):
    V_bar = torch.einsum("hts,htd->hsd", A, O_bar)
    A_bar = torch.einsum("htd,hsd->hts", O_bar, V)
    average = torch.einsum("hts,hts->ht", A, A_bar)
    S_bar = A * (A_bar - average[:, :, None]) * Q.shape[-1] ** -0.5
    return torch.einsum("hts,hsd->htd", S_bar, K), torch.einsum("hts,htd->hsd", S_bar, Q), V_bar
