# misconception: pairs are ordered by the string that they spell
# message: how does Python order tuples
def best_pair(pair_counts):
    return min(pair_counts, key=lambda pair: (-pair_counts[pair], "".join(pair)), default=None)
