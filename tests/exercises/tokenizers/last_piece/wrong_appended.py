# misconception: the new number belongs into the list
# message: your function changed the list or the dictionary
def last_piece(text, best, log_probs):
    total, m = max((best[m] + log_probs[text[m:]], m) for m in range(len(text)) if text[m:] in log_probs)
    best.append(total)
    return total, m
