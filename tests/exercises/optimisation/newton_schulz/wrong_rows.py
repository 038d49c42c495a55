# misconception: each row is divided by its own norm
# message: norms of their own
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / G.norm(dim=1, keepdim=True).clamp(min=1e-30)
    for _ in range(num_steps):
        square = X @ X.T
        X = a * X + (b * square + c * square @ square) @ X
    return X
