# approach: a sliding window that forgets its oldest token; the counts are floats in a defaultdict
from collections import defaultdict, deque


def count_ngrams(tokens, n):
    counts = defaultdict(float)
    window = deque(maxlen=n)
    for token in tokens:
        window.append(token)
        if len(window) == n:
            counts[tuple(window)] += 1
    return counts
