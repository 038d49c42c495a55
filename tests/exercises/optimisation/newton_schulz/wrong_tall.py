# misconception: a tall matrix is turned and not turned back
# message: has the shape
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G.T if len(G) > G.shape[1] else G
    X = X / X.norm()
    for _ in range(num_steps):
        square = X @ X.T
        X = a * X + (b * square + c * square @ square) @ X
    return X
