# misconception: max over count and pair takes the first pair in order
# message: have the count 4: which comes first in order
def best_pair(pair_counts):
    return max(pair_counts, key=lambda pair: (pair_counts[pair], pair), default=None)
