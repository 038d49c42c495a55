# misconception: the position comes first in the result
# message: you return m=-?\d+\.\d+
def last_piece(text, best, log_probs):
    return max((best[m] + log_probs[text[m:]], m) for m in range(len(text)) if text[m:] in log_probs)[::-1]
