# misconception: scaled logits that are too large for exp can be cut off at 80
# message: a probability is|give \[0.5
def apply_temperature(logits, temperature):
    weights = (logits / temperature).clamp(-80, 80).exp()
    return weights / weights.sum()
