# misconception: the words are one long sequence
# message: you merged .*, but .* is in none of the words
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
    tokens = [character for word, count in word_counts.items() for character in word * count]
    merges = []
    for _ in range(num_merges):
        counts = Counter(pairwise(tokens))
        if not counts:
            break
        merges.append(min(counts, key=lambda pair: (-counts[pair], pair)))
        tokens = merged(tokens, merges[-1])
    return merges
