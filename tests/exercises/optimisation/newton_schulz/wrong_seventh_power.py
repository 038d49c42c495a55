# misconception: the last term has one square more
# message: how many factors X has the last term
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / G.norm()
    for _ in range(num_steps):
        square = X @ X.T
        X = a * X + (b * square + c * square @ square @ square) @ X
    return X
