# misconception: the longest piece is the best
# message: the longest piece is not always the best
def last_piece(text, best, log_probs):
    m = min(m for m in range(len(text)) if text[m:] in log_probs)
    return best[m] + log_probs[text[m:]], m
