# misconception: alpha is added for the tokens seen after this context, not for the whole vocabulary
# message: more than 1. .*the denominator is too small
def smoothed_probability(counts, context, token, vocab_size, alpha):
    followers = [count for ngram, count in counts.items() if ngram[:-1] == context]
    return (counts.get((*context, token), 0) + alpha) / (sum(followers) + alpha * max(len(followers), 1))
