# approach: probabilities in float64, picked out by a one-hot product; a Python number is returned
import torch


def next_token_loss(logits, token_ids):
    scores = logits[:, :-1].double()
    probabilities = torch.exp(scores - scores.amax(-1, keepdim=True))
    probabilities = probabilities / probabilities.sum(-1, keepdim=True)
    one_hot = torch.nn.functional.one_hot(token_ids[:, 1:], logits.shape[-1])
    return -(probabilities * one_hot).sum(-1).log().mean().item()
