# approach: as the statement says: the pair of lowest rank that is there, again and again
import itertools


def encode_word(word, merges):
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    tokens = list(word)
    while True:
        pairs = [pair for pair in itertools.pairwise(tokens) if pair in ranks]
        if not pairs:
            return tokens
        best = min(pairs, key=ranks.get)
        merged, i = [], 0
        while i < len(tokens):
            size = 2 if tuple(tokens[i : i + 2]) == best else 1
            merged.append("".join(tokens[i : i + size]))
            i += size
        tokens = merged
