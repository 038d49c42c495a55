# approach: max over tuples
def last_piece(text, best, log_probs):
    return max((best[m] + log_probs[text[m:]], m) for m in range(len(best)) if text[m:] in log_probs)
