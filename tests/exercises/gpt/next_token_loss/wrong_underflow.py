# misconception: subtracting the largest logit makes the logarithm of a probability safe
# message: has a negative log-probability of 2000
import torch


def next_token_loss(logits, token_ids):
    probabilities = torch.softmax(logits[:, :-1], dim=-1)
    return -probabilities.gather(-1, token_ids[:, 1:, None]).log().mean()
