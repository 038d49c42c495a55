# misconception: upper and lower case make no difference
# message: n-grams have a wrong count
from collections import Counter


def count_ngrams(tokens, n):
    tokens = [token.lower() if isinstance(token, str) else token for token in tokens]
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
