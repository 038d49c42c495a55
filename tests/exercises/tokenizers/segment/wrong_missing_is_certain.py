# misconception: a string that is not in the dictionary costs nothing
# message: but 'abcd' is not in `log_probs`
def segment(word, log_probs):
    best = [(0.0, [])]
    for end in range(1, len(word) + 1):
        best.append(
            max(
                (best[start][0] + log_probs.get(word[start:end], 0), [*best[start][1], word[start:end]])
                for start in range(end)
            )
        )
    return best[-1][1]
