# approach: lists of tokens; pairs sorted by count and name; a merge from left to right with list.insert
from collections import defaultdict


def train_bpe(word_counts, num_merges):
    words = [[list(word), count] for word, count in word_counts.items()]
    merges = []
    for _ in range(num_merges):
        counts = defaultdict(int)
        for tokens, count in words:
            for i in range(1, len(tokens)):
                counts[tokens[i - 1], tokens[i]] += count
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if not ordered:
            return merges
        left, right = ordered[0][0]
        merges.append((left, right))
        for tokens, _ in words:
            i = 0
            while i < len(tokens) - 1:
                if tokens[i] == left and tokens[i + 1] == right:
                    tokens[i : i + 2] = [left + right]
                i += 1
    return merges
