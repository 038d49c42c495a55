# misconception: the answer is the log-probability
# message: segment returned -\d+\.\d+, not a list of pieces
def segment(word, log_probs):
    best = [0.0]
    for end in range(1, len(word) + 1):
        best.append(
            max(best[start] + log_probs[word[start:end]] for start in range(end) if word[start:end] in log_probs)
        )
    return best[-1]
