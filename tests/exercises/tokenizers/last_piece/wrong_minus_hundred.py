# misconception: -100 is below every sum
# message: instead of|cannot access local|not the tuple|NoneType|you return m=None
def last_piece(text, best, log_probs):
    total, begin = -100.0, None
    for m in range(len(text)):
        if text[m:] in log_probs and best[m] + log_probs[text[m:]] > total:
            total, begin = best[m] + log_probs[text[m:]], m
    return total, begin
