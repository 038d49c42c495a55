# misconception: the best segmentation has the largest mean log-probability
# message: what counts is the sum of the log-probabilities, not their mean
def segment(word, log_probs):
    def all_of(rest):
        if not rest:
            return [[]]
        return [
            [rest[:size], *pieces]
            for size in range(1, len(rest) + 1)
            if rest[:size] in log_probs
            for pieces in all_of(rest[size:])
        ]

    return max(all_of(word), key=lambda pieces: sum(log_probs[piece] for piece in pieces) / max(1, len(pieces)))
