# approach: throw the least probable tokens out, as long as enough is left
import torch


def top_p_filter(probabilities, p):
    result = probabilities.double()
    for token in probabilities.argsort():
        rest = torch.where(torch.arange(len(result)) == token, 0.0, result)
        if rest.sum() < p:
            break
        result = rest
    return result / result.sum()
