# misconception: the formula can be typed as it stands
# message: give nan: no exponential of them fits into a float. What may be subtracted
def apply_temperature(logits, temperature):
    weights = (logits / temperature).exp()
    return weights / weights.sum()
