# misconception: opposite directions are similar
# message: you choose|wrong for V=|a word of the question
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    scores = (unit @ (unit[b] - unit[a] + unit[c])).abs()
    scores[[a, b, c]] = -1
    return scores.argmax()
