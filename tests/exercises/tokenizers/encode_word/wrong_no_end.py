# misconception: there is always a pair to merge
# message: ValueError: .* does your code know when nothing is left to merge
import itertools


def encode_word(word, merges):
    tokens = list(word)
    while len(tokens) > 1:
        pairs = list(itertools.pairwise(tokens))
        best = min((pair for pair in pairs if pair in merges), key=merges.index)
        i = pairs.index(best)
        tokens[i : i + 2] = ["".join(best)]
    return tokens
