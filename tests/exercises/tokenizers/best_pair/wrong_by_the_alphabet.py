# misconception: the first pair in order is the best
# message: its count is not the largest
def best_pair(pair_counts):
    return min(pair_counts, default=None)
