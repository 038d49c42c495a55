# misconception: every string is a piece
# message: you looked up .* in `log_probs`
def last_piece(text, best, log_probs):
    return max((best[m] + log_probs[text[m:]], m) for m in range(len(text)))
