# misconception: logits become probabilities by dividing by their sum
# message: logits are logarithms, up to a constant, of the probabilities
def apply_temperature(logits, temperature):
    scaled = logits / temperature
    return scaled / scaled.sum()
