# misconception: exp can be typed as it stands
# message: is not finite
import torch


def cross_entropy_backward(logits, targets):
    powers = logits.exp()
    right = torch.nn.functional.one_hot(targets, logits.shape[1])
    return (powers / powers.sum(dim=1, keepdim=True) - right) / len(logits)
