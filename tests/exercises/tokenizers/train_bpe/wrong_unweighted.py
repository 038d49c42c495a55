# misconception: each different word counts once
# message: which is in the most words, but in few occurrences of words
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
    words = [list(word) for word in word_counts]
    merges = []
    for _ in range(num_merges):
        counts = Counter(pair for tokens in words for pair in pairwise(tokens))
        if not counts:
            break
        merges.append(min(counts, key=lambda pair: (-counts[pair], pair)))
        words = [merged(tokens, merges[-1]) for tokens in words]
    return merges
