# misconception: a small number added to the sum avoids the division by zero and harms nobody
# message: does the mask|When does the mask come in|the weights .* wrong
import torch


def masked_softmax(scores, mask):
    exponentials = torch.exp(scores.clamp(-50, 50)) * mask
    return exponentials / (exponentials.sum(dim=-1, keepdim=True) + 0.1)
