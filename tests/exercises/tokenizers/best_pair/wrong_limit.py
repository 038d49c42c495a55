# misconception: no count is above 1000
# message: instead of|you choose
def best_pair(pair_counts):
    return min(pair_counts, key=lambda pair: (1000 - min(pair_counts[pair], 1000), pair), default=None)
