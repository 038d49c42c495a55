# misconception: returns the probability, not its logarithm
# message: this is the probability itself
def sequence_log_probability(tokens, probability):
    product = 1.0
    for t in range(1, len(tokens)):
        product *= probability(tokens[t - 1], tokens[t])
    return product
