# misconception: the rest of a word is always cut in the same way, and can be kept
# message: better one|not in `log_probs`|the best has
from functools import cache

table = {}


@cache
def best(rest):
    if not rest:
        return 0.0, ()
    return max(
        (best(rest[n:])[0] + table[rest[:n]], (rest[:n], *best(rest[n:])[1]))
        for n in range(1, len(rest) + 1)
        if rest[:n] in table
    )


def segment(word, log_probs):
    table.clear()
    table.update(log_probs)
    return list(best(word)[1])
