# misconception: generating means to take the most probable token
# message: every draw gave token \d: .* Do you take the most probable token
def sample_token(probabilities, generator):
    return probabilities.argmax().item()
