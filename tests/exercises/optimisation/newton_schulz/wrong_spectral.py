# misconception: the norm is the largest singular value
# message: what is the norm here
import torch


def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / torch.linalg.matrix_norm(G, ord=2)
    for _ in range(num_steps):
        square = X @ X.T
        X = a * X + (b * square + c * square @ square) @ X
    return X
