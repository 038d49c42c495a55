# misconception: probabilities can be multiplied
# message: the best has|not cut in the best way|a word of 200|do not spell|is not in `log_probs`
import math


def segment(word, log_probs):
    score, start_of = [1.0] + [0.0] * len(word), [0] * (len(word) + 1)
    for end in range(1, len(word) + 1):
        for start in range(end):
            if word[start:end] in log_probs and score[start] * math.exp(log_probs[word[start:end]]) > score[end]:
                score[end], start_of[end] = score[start] * math.exp(log_probs[word[start:end]]), start
    pieces, end = [], len(word)
    while end > 0:
        pieces.append(word[start_of[end] : end])
        end = start_of[end]
    return pieces[::-1]
