# approach: a loop with a progress bar on stderr and a warning, which nbgrader left alone would punish with zero points
import warnings

from tqdm import tqdm


def count_ngrams(tokens, n):
    counts = {}
    for start in tqdm(range(len(tokens) - n + 1)):
        ngram = tuple(tokens[start + offset] for offset in range(n))
        counts[ngram] = counts[ngram] + 1 if ngram in counts else 1
    warnings.warn("a warning is not an error", stacklevel=2)
    return counts
