# misconception: probabilities can be multiplied
# message: math domain error|instead of|the sum is
import math


def last_piece(text, best, log_probs):
    options = []
    for m in range(len(text)):
        if text[m:] in log_probs:
            options.append((math.exp(best[m]) * math.exp(log_probs[text[m:]]), m))
    probability, m = max(options)
    return math.log(probability), m
