# misconception: each step begins with G
# message: what does the second step begin with
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / G.norm()
    square = X @ X.T
    new = X
    for _ in range(num_steps):
        new = a * X + (b * square + c * square @ square) @ X
    return new
