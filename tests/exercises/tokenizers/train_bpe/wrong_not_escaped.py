# misconception: a pair can stand in a regular expression as it is
# message: merge \d+ is wrong|allow \d+ merges|nothing to repeat|multiple repeat
import re
from collections import Counter
from itertools import pairwise


def train_bpe(word_counts, num_merges):
    words = {"\x00".join(word): count for word, count in word_counts.items()}
    merges = []
    for _ in range(num_merges):
        counts = Counter()
        for word, count in words.items():
            for pair in pairwise(word.split("\x00")):
                counts[pair] += count
        if not counts:
            break
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pattern = re.compile("(?<![^\x00])" + "\x00".join(best) + "(?![^\x00])")
        words = {pattern.sub("".join(best), word): count for word, count in words.items()}
    return merges
