# misconception: the best text before the piece decides
# message: instead of|what counts|the best m is not where
def last_piece(text, best, log_probs):
    m = max((m for m in range(len(text)) if text[m:] in log_probs), key=lambda m: best[m])
    return best[m] + log_probs[text[m:]], m
