# misconception: two coefficients are enough
# message: where is c
def newton_schulz(G, num_steps, coefficients):
    a, b = coefficients[:2]
    X = G / G.norm()
    for _ in range(num_steps):
        X = a * X + b * X @ X.T @ X
    return X
