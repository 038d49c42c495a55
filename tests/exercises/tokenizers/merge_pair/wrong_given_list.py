# misconception: if there is nothing to merge, the list itself is the result
# message: the result is the list that was given, not a new one
from itertools import pairwise


def merge_pair(tokens, pair):
    if pair not in pairwise(tokens):
        return tokens
    merged = []
    for token in tokens:
        if merged and (merged[-1], token) == pair:
            merged[-1] += token
        else:
            merged.append(token)
    return merged
