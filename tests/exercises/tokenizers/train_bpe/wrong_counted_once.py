# misconception: the most frequent pairs of the characters are the merges
# message: do you count again after each merge
from collections import Counter
from itertools import pairwise


def train_bpe(word_counts, num_merges):
    counts = Counter()
    for word, count in word_counts.items():
        for pair in pairwise(word):
            counts[pair] += count
    return sorted(counts, key=lambda pair: (-counts[pair], pair))[:num_merges]
