# misconception: every string is a piece
# message: you looked up .* in `log_probs`: not every string is a piece
def segment(word, log_probs):
    best = [(0.0, [])]
    for end in range(1, len(word) + 1):
        best.append(
            max(
                (best[start][0] + log_probs[word[start:end]], [*best[start][1], word[start:end]])
                for start in range(end)
            )
        )
    return best[-1][1]
