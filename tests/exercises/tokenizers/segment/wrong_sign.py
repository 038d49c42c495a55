# misconception: log-probabilities are costs, so the smallest sum is the best
# message: and there is a better one
def segment(word, log_probs):
    best = [(0.0, [])]
    for end in range(1, len(word) + 1):
        best.append(
            min(
                (best[start][0] + log_probs[word[start:end]], [*best[start][1], word[start:end]])
                for start in range(end)
                if word[start:end] in log_probs
            )
        )
    return best[-1][1]
