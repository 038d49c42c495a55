# misconception: the norm is the sum of sizes
# message: not the sum of sizes
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / G.abs().sum()
    for _ in range(num_steps):
        square = X @ X.T
        X = a * X + (b * square + c * square @ square) @ X
    return X
