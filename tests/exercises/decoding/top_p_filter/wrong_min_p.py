# misconception: every single token must have a probability of at least p
# message: Is at least one token left|What of the token with which the sum reaches p
def top_p_filter(probabilities, p):
    kept = probabilities * (probabilities >= p)
    return kept / kept.sum()
