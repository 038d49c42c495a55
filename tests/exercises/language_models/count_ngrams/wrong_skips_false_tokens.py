# misconception: an empty token is no token
# message: n-grams have a wrong count
from collections import Counter


def count_ngrams(tokens, n):
    tokens = [token for token in tokens if token or token == 0]
    tokens = [token for token in tokens if token != ""]
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
