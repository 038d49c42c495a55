# misconception: there is always a pair
# message: ValueError: .*: what if there is no pair
def best_pair(pair_counts):
    return min(pair_counts, key=lambda pair: (-pair_counts[pair], pair))
