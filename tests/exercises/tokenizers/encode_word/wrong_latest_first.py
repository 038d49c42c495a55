# misconception: the latest merge is the most useful one
# message: as if \('a', 'b'\) had been merged first
import itertools


def encode_word(word, merges):
    tokens = list(word)
    while True:
        pairs = [pair for pair in itertools.pairwise(tokens) if pair in merges]
        if not pairs:
            return tokens
        best = max(pairs, key=merges.index)
        i = list(itertools.pairwise(tokens)).index(best)
        tokens[i : i + 2] = ["".join(best)]
