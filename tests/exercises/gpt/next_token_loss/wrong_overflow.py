# misconception: the softmax can be typed as it stands
# message: has a negative log-probability of 2000
def next_token_loss(logits, token_ids):
    exponentials = logits[:, :-1].exp()
    probabilities = exponentials.gather(-1, token_ids[:, 1:, None])[..., 0] / exponentials.sum(-1)
    return -probabilities.log().mean()
