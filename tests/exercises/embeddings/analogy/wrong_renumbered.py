# misconception: rows keep their numbers when others are taken out
# message: count all rows|you choose|is its score
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    others = [row for row in range(len(vectors)) if row not in (a, b, c)]
    return (unit[others] @ (unit[b] - unit[a] + unit[c])).argmax()
