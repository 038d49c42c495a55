# misconception: the square is that of the first matrix
# message: what does the second step begin with
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / G.norm()
    square = X @ X.T
    for _ in range(num_steps):
        X = a * X + (b * square + c * square @ square) @ X
    return X
