# approach: first the counts of what follows the context, then the formula; a missing key is caught
def smoothed_probability(counts, context, token, vocab_size, alpha):
    followers = {ngram[-1]: count for ngram, count in counts.items() if list(ngram[:-1]) == list(context)}
    try:
        seen = followers[token]
    except KeyError:
        seen = 0
    return (seen + alpha) / (sum(followers.values()) + vocab_size * alpha)
