# approach: a sort by count and pair
def best_pair(pair_counts):
    ordered = sorted(pair_counts.items(), key=lambda item: (-item[1], item[0]))
    return ordered[0][0] if ordered else None
