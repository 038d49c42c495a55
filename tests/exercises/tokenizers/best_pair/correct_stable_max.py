# approach: max takes the first of equal ones, and sorted puts them in order
def best_pair(pair_counts):
    return max(sorted(pair_counts), key=pair_counts.get, default=None)
