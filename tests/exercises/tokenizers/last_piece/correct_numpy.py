# approach: numpy, over the pieces in the dictionary that the text ends in
import numpy as np


def last_piece(text, best, log_probs):
    scores = np.array(best, dtype=float)
    scores += [log_probs.get(text[m:], -np.inf) for m in range(len(text))]
    return scores.max(), scores.argmax()
