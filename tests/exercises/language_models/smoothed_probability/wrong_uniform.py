# misconception: smoothing makes all tokens equally probable
# message: do not fall in this order
def smoothed_probability(counts, context, token, vocab_size, alpha):
    return 1 / vocab_size
