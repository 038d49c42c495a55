# misconception: all tokens that are as probable as the last one may stay
# message: with p=0.9 becomes .*: fewer tokens are enough
def top_p_filter(probabilities, p):
    ordered = probabilities.sort(descending=True).values
    last = ordered[min(int((ordered.cumsum(0) < p).sum()), len(ordered) - 1)]
    kept = probabilities * (probabilities >= last)
    return kept / kept.sum()
