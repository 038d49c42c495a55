# misconception: words of an earlier call stay, since the list belongs to the module
# message: you chose|you merged|not the most frequent pair
from collections import Counter
from itertools import pairwise

words = []


def train_bpe(word_counts, num_merges):
    words.extend((list(word), count) for word, count in word_counts.items())
    merges = []
    for _ in range(num_merges):
        counts = Counter()
        for tokens, count in words:
            for pair in pairwise(tokens):
                counts[pair] += count
        if not counts:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        for tokens, _ in words:
            for i in range(len(tokens)):
                if tuple(tokens[i : i + 2]) == best:
                    tokens[i : i + 2] = ["".join(best)]
    return merges
