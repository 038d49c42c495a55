# approach: recursion over the first piece, with a cache
from functools import cache


def segment(word, log_probs):
    @cache
    def best(rest):
        if not rest:
            return 0.0, ()
        options = []
        for size in range(1, len(rest) + 1):
            if rest[:size] in log_probs:
                score, pieces = best(rest[size:])
                options.append((score + log_probs[rest[:size]], (rest[:size], *pieces)))
        return max(options)

    return list(best(word)[1])
