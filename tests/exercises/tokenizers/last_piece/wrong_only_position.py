# misconception: only the position is asked for
# message: not the tuple \(b_n, m\)
def last_piece(text, best, log_probs):
    return max((best[m] + log_probs[text[m:]], m) for m in range(len(text)) if text[m:] in log_probs)[1]
