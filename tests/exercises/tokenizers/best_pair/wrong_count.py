# misconception: the largest count is the result
# message: best_pair returned 9: the pair is asked for
def best_pair(pair_counts):
    return max(pair_counts.values(), default=None)
