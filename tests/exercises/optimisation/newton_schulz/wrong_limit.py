# misconception: the result is what the steps aim at
# message: with no steps|become
import torch


def newton_schulz(G, num_steps, coefficients):
    U, _, Vt = torch.linalg.svd(G, full_matrices=False)
    return U @ Vt
