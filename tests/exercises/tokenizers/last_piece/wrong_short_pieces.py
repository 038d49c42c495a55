# misconception: a piece has at most 10 characters
# message: instead of
def last_piece(text, best, log_probs):
    starts = range(max(0, len(text) - 10), len(text))
    return max((best[m] + log_probs[text[m:]], m) for m in starts if text[m:] in log_probs)
