# approach: scores and back pointers, then the way back
import math


def segment(word, log_probs):
    score = [0.0] + [-math.inf] * len(word)
    start_of = [0] * (len(word) + 1)
    for end in range(1, len(word) + 1):
        for start in range(end):
            new = score[start] + log_probs.get(word[start:end], -math.inf)
            if new > score[end]:
                score[end], start_of[end] = new, start
    pieces, end = [], len(word)
    while end > 0:
        pieces.append(word[start_of[end] : end])
        end = start_of[end]
    return pieces[::-1]
