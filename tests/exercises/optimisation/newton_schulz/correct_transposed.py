# approach: with the smaller square, on the right
import torch


def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / torch.linalg.matrix_norm(G)
    for _ in range(num_steps):
        square = X.T @ X
        X = X @ (a * torch.eye(len(square), dtype=X.dtype) + b * square + c * square @ square)
    return X
