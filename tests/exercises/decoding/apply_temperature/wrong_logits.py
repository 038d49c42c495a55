# misconception: the probabilities are the scaled logits
# message: your probabilities sum to 2.303
def apply_temperature(logits, temperature):
    return logits / temperature
