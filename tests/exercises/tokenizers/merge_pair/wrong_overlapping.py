# misconception: a token can be part of two merges
# message: a merge loses no letter and doubles none
from itertools import pairwise


def merge_pair(tokens, pair):
    merged = ["".join(pair) if both == pair else both[0] for both in pairwise(tokens)]
    return merged + tokens[-1:]
