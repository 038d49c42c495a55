# misconception: the fewest pieces are the best
# message: the segmentation with the fewest pieces is not always the best|the longest first piece is not always
def segment(word, log_probs):
    best = [[]]
    for end in range(1, len(word) + 1):
        best.append(
            min(
                ([*best[start], word[start:end]] for start in range(end) if word[start:end] in log_probs),
                key=lambda pieces: (len(pieces), -sum(log_probs[piece] for piece in pieces)),
            )
        )
    return best[-1]
