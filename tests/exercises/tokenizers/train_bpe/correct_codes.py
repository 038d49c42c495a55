# approach: tokens are single characters of a private alphabet, so that str.replace merges; names are kept aside
import itertools
from collections import Counter


def train_bpe(word_counts, num_merges):
    words, names, merges = dict(word_counts), {}, []
    for step in range(num_merges):
        counts = Counter()
        for word, count in words.items():
            for left, right in itertools.pairwise(word):
                counts[names.get(left, left), names.get(right, right), left + right] += count
        if not counts:
            break
        left, right, both = min(counts, key=lambda key: (-counts[key], key))
        merges.append((left, right))
        new = chr(0xF0000 + step)
        names[new] = left + right
        words = {word.replace(both, new): count for word, count in words.items()}
    return merges
