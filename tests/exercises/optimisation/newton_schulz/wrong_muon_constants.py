# misconception: the coefficients are Muon's
# message: the singular values 0.8 and 0.6 become
def newton_schulz(G, num_steps, coefficients):
    a, b, c = 3.4445, -4.7750, 2.0315
    X = G / G.norm()
    for _ in range(num_steps):
        square = X @ X.T
        X = a * X + (b * square + c * square @ square) @ X
    return X
