# misconception: lists the n-grams instead of counting them
# message: returned a list, not a dictionary of counts
def count_ngrams(tokens, n):
    return [tuple(tokens[start : start + n]) for start in range(len(tokens) - n + 1)]
