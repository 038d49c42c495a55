# misconception: the norm is divided out in each step
# message: what does the second step begin with|the singular values 0.8 and 0.6 become|after two steps
def newton_schulz(G, num_steps, coefficients):
    a, b, c = coefficients
    X = G / G.norm()
    for step in range(num_steps):
        X = X / X.norm() if step else X
        square = X @ X.T
        X = a * X + (b * square + c * square @ square) @ X
    return X
