# misconception: words contain no spaces, so tokens can be joined by them
# message: merge \d+ is wrong|allow \d+ merges|is a string
import re
from collections import defaultdict


def train_bpe(word_counts, num_merges):
    words = {" ".join(word): count for word, count in word_counts.items()}
    merges = []
    for _ in range(num_merges):
        counts = defaultdict(int)
        for word, count in words.items():
            tokens = word.split()
            for i in range(1, len(tokens)):
                counts[tokens[i - 1], tokens[i]] += count
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if not ordered:
            return merges
        pair = ordered[0][0]
        merges.append(pair)
        pattern = re.compile(r"(?<!\S)" + re.escape(" ".join(pair)) + r"(?!\S)")
        words = {pattern.sub("".join(pair), word): count for word, count in words.items()}
    return merges
