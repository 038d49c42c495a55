# misconception: words of the question are recognised by their direction
# message: wrong for vectors as short|wrong for V=|a word of the question|you choose
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    scores = unit @ (unit[b] - unit[a] + unit[c])
    for word in (a, b, c):
        scores[unit @ unit[word] > 0.99] = -torch.inf
    return scores.argmax()
