# approach: the last step of a shorter run
def newton_schulz(G, num_steps, coefficients):
    if num_steps == 0:
        return G / (G * G).sum() ** 0.5
    X = newton_schulz(G, num_steps - 1, coefficients)
    cube = X @ X.mT @ X
    return coefficients[0] * X + coefficients[1] * cube + coefficients[2] * X @ X.mT @ cube
