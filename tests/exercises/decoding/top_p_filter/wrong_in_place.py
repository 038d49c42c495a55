# misconception: the caller does not need the probabilities any more
# message: your function changed the probabilities that were given to it
def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    probabilities[tokens[ordered.cumsum(0) - ordered >= p]] = 0
    return probabilities / probabilities.sum()
