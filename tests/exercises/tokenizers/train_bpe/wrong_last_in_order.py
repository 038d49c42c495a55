# misconception: max over (count, pair) puts the first pair in order first
# message: occur twice each, and you chose \('c', 'a'\): which comes first in order
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
        if not counts:
            break
        merges.append(max((count, pair) for pair, count in counts.items())[1])
        words = [(merged(tokens, merges[-1]), count) for tokens, count in words]
    return merges
