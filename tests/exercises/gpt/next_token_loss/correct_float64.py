# approach: float64, log-sum-exp, picked out by a one-hot product
import torch


def next_token_loss(logits, token_ids):
    scores = logits[:, :-1].double()
    one_hot = torch.nn.functional.one_hot(token_ids[:, 1:], logits.shape[-1])
    return (scores.logsumexp(-1) - (scores * one_hot).sum(-1)).mean()
