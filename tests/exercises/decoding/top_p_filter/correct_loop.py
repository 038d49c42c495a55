# approach: take the most probable token until there is enough
import torch


def top_p_filter(probabilities, p):
    left = probabilities.tolist()
    result, total = [0.0] * len(left), 0.0
    while total < p and max(left) > 0:
        token = left.index(max(left))
        result[token] = left[token]
        total += left[token]
        left[token] = 0.0
    return torch.tensor([probability / total for probability in result])
