# misconception: the tokens can be joined to a text and split again
# message: n-grams have a wrong count
from collections import Counter


def count_ngrams(tokens, n):
    if tokens and isinstance(tokens[0], str):
        tokens = " ".join(tokens).split()
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
