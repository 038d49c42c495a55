# misconception: the polynomial finds its way by itself
# message: the matrix is not divided
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G.clone()
    for _ in range(num_steps):
        square = X @ X.T
        X = a * X + (b * square + c * square @ square) @ X
    return X
