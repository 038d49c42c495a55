# misconception: the cube of a matrix is X X X
# message: which of the factors is transposed
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / G.norm()
    for _ in range(num_steps):
        square = X @ X if X.shape[0] == X.shape[1] else X @ X.T
        X = a * X + (b * square + c * square @ square) @ X
    return X
