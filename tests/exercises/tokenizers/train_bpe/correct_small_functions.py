# approach: one function for counting, one for merging, max over sorted pairs
import itertools
from collections import Counter


def pairs_of(words):
    counts = Counter()
    for tokens, count in words.items():
        for pair in itertools.pairwise(tokens):
            counts[pair] += count
    return counts


def merged(tokens, pair):
    result, i = (), 0
    while i < len(tokens):
        size = 2 if tokens[i : i + 2] == pair else 1
        result += ("".join(tokens[i : i + size]),)
        i += size
    return result


def train_bpe(word_counts, num_merges):
    words = {tuple(word): count for word, count in word_counts.items()}
    merges = []
    while len(merges) < num_merges and (counts := pairs_of(words)):
        merges.append(max(sorted(counts), key=counts.get))
        words = {merged(tokens, merges[-1]): count for tokens, count in words.items()}
    return merges
