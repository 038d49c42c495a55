# misconception: there are always five steps
# message: with no steps
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / G.norm()
    for _ in range(5):
        square = X @ X.T
        X = a * X + (b * square + c * square @ square) @ X
    return X
