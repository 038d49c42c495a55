# misconception: the largest logit is subtracted after the division from only one side
# message: give nan: no exponential of them fits into a float|your probabilities sum to
def apply_temperature(logits, temperature):
    weights = ((logits - logits.max()) / temperature).exp()
    return weights / (logits / temperature).exp().sum()
