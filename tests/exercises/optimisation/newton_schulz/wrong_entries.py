# misconception: powers are taken entry by entry
# message: wrong for a random matrix|are not all near 1
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / G.norm()
    for _ in range(num_steps):
        X = a * X + b * X**3 + c * X**5
    return X
