# misconception: the most probable last piece is the best
# message: the piece may be the whole text|the longest piece is not always the best
def last_piece(text, best, log_probs):
    return max((log_probs[text[m:]], m) for m in range(len(text)) if text[m:] in log_probs)
