# misconception: the logarithm of the average probability is the average of the logarithms
# message: wrong for random logits of shape
def next_token_loss(logits, token_ids):
    return -logits[:, :-1].softmax(-1).gather(-1, token_ids[:, 1:, None]).mean().log()
