# misconception: a small number beside the norm is harmless
# message: wrong for a random matrix
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / (G.norm() + 1e-7)
    for _ in range(num_steps):
        square = X @ X.T
        X = a * X + (b * square + c * square @ square) @ X
    return X
