# misconception: the square is the other one
# message: which of the factors is transposed
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / G.norm()
    for _ in range(num_steps):
        square = X.T @ X
        X = a * X + (
            (b * square + c * square @ square) @ X if len(X) == len(square) else X @ (b * square + c * square @ square)
        )
    return X
