# misconception: of equal counts, whichever comes first in the dictionary will do
# message: have the count 4: which comes first in order
def best_pair(pair_counts):
    return max(pair_counts, key=pair_counts.get, default=None)
