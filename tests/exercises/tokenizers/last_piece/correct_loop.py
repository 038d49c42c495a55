# approach: a loop that keeps the best sum so far
import math


def last_piece(text, best, log_probs):
    total, begin = -math.inf, None
    for m, before in enumerate(best):
        if before + log_probs.get(text[m:], -math.inf) > total:
            total, begin = before + log_probs[text[m:]], m
    return total, begin
