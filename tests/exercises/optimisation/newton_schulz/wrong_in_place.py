# misconception: the matrix is divided where it is
# message: changed its argument
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    G /= G.norm()
    X = G.clone()
    for _ in range(num_steps):
        square = X @ X.T
        X = a * X + (b * square + c * square @ square) @ X
    return X
