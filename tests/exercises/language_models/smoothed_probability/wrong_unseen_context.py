# misconception: a context that was never seen has no followers, so their probability is 0
# message: 'the' after \('saw',\) has the probability 0
def smoothed_probability(counts, context, token, vocab_size, alpha):
    total = sum(count for ngram, count in counts.items() if ngram[:-1] == context)
    if total == 0:
        return 0
    return (counts.get((*context, token), 0) + alpha) / (total + alpha * vocab_size)
