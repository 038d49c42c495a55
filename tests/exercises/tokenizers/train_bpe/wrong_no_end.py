# misconception: there is always a pair left
# message: ValueError: .* is there always a pair left
from collections import Counter
from itertools import pairwise


def merged(tokens, pair):
    result = []
    for token in tokens:
        if result and (result[-1], token) == pair:
            result[-1] += token
        else:
            result.append(token)
    return result


def train_bpe(word_counts, num_merges):
    words = [(list(word), count) for word, count in word_counts.items()]
    merges = []
    for _ in range(num_merges):
        counts = Counter()
        for tokens, count in words:
            for pair in pairwise(tokens):
                counts[pair] += count
        merges.append(min(counts, key=lambda pair: (-counts[pair], pair)))
        words = [(merged(tokens, merges[-1]), count) for tokens, count in words]
    return merges
