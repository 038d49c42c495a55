# misconception: only the third word is no answer
# message: a word of the question
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    scores = unit @ (unit[b] - unit[a] + unit[c])
    scores[c] = -torch.inf
    return scores.argmax()
