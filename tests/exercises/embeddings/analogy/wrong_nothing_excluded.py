# misconception: the words of the question may be answers
# message: a word of the question
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    return (unit @ (unit[b] - unit[a] + unit[c])).argmax()
