# misconception: every n-gram is a key of the counts
# message: no such key. What is the count of an n-gram that never occurred
def smoothed_probability(counts, context, token, vocab_size, alpha):
    total = sum(count for ngram, count in counts.items() if ngram[:-1] == context)
    return (counts[(*context, token)] + alpha) / (total + alpha * vocab_size)
