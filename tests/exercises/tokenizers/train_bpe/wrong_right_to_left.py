# misconception: the side on which one begins to merge does not matter
# message: you merged the last two a of 'aaab'
from collections import Counter
from itertools import pairwise


def merged(tokens, pair):
    result = []
    for token in reversed(tokens):
        if result and (token, result[0]) == pair:
            result[0] = token + result[0]
        else:
            result.insert(0, token)
    return result


def train_bpe(word_counts, num_merges):
    words = [(list(word), count) for word, count in word_counts.items()]
    merges = []
    for _ in range(num_merges):
        counts = Counter()
        for tokens, count in words:
            for pair in pairwise(tokens):
                counts[pair] += count
        if not counts:
            break
        merges.append(min(counts, key=lambda pair: (-counts[pair], pair)))
        words = [(merged(tokens, merges[-1]), count) for tokens, count in words]
    return merges
