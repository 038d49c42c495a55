# approach: the decomposition, and the polynomial of the singular values
import torch


def newton_schulz(G, num_steps, coefficients):
    U, s, Vt = torch.linalg.svd(G, full_matrices=False)
    s = s / s.norm()
    for _ in range(num_steps):
        s = sum(factor * s**power for factor, power in zip(coefficients, (1, 3, 5), strict=True))
    return (U * s) @ Vt
