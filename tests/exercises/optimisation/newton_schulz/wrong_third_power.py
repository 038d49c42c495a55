# misconception: both terms have the third power
# message: the power of c is missing
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / G.norm()
    for _ in range(num_steps):
        X = a * X + (b + c) * X @ X.T @ X
    return X
