# approach: sums over named axes
import math

import torch


def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / math.sqrt(torch.einsum("ij,ij->", G, G))
    for _ in range(num_steps):
        cube = torch.einsum("ij,kj,kl->il", X, X, X)
        fifth = torch.einsum("ij,kj,kl->il", X, X, cube)
        X = a * X + b * cube + c * fifth
    return X
