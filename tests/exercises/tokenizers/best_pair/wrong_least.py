# misconception: min is what one needs for the first in order, of the counts too
# message: its count is not the largest
def best_pair(pair_counts):
    return min(pair_counts, key=lambda pair: (pair_counts[pair], pair), default=None)
