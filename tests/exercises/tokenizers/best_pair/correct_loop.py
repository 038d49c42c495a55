# approach: a loop that keeps the best pair so far
def best_pair(pair_counts):
    best = None
    for pair, count in pair_counts.items():
        if best is None or count > pair_counts[best] or (count == pair_counts[best] and pair < best):
            best = pair
    return best
