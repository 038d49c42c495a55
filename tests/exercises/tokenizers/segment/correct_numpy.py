# approach: numpy float32 scores, pushed forward from each start
import itertools

import numpy as np


def segment(word, log_probs):
    score = np.full(len(word) + 1, -np.inf, dtype=np.float32)
    score[0] = 0
    came_from = np.zeros(len(word) + 1, dtype=int)
    for start in range(len(word)):
        for piece, log_prob in log_probs.items():
            end = start + len(piece)
            if word.startswith(piece, start) and score[start] + log_prob > score[end]:
                score[end], came_from[end] = score[start] + log_prob, start
    cuts = [len(word)]
    while cuts[-1]:
        cuts.append(came_from[cuts[-1]])
    cuts.reverse()
    return [word[start:end] for start, end in itertools.pairwise(cuts)]
