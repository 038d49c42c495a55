# misconception: large logits may be clipped
# message: wrong for random logits
import torch


def cross_entropy_backward(logits, targets):
    powers = logits.clamp(-600, 600).exp()
    right = torch.nn.functional.one_hot(targets, logits.shape[1])
    return (powers / powers.sum(dim=1, keepdim=True) - right) / len(logits)
