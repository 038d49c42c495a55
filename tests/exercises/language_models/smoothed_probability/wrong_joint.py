# misconception: divides by all n-grams, which gives a joint and not a conditional probability
# message: less than 1. .*does it hold only the n-grams that begin with this context
def smoothed_probability(counts, context, token, vocab_size, alpha):
    return (counts.get((*context, token), 0) + alpha) / (sum(counts.values()) + alpha * vocab_size)
