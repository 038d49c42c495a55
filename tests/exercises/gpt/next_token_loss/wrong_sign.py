# misconception: the loss is the average log-probability
# message: the sign is wrong
def next_token_loss(logits, token_ids):
    return logits[:, :-1].log_softmax(-1).gather(-1, token_ids[:, 1:, None]).mean()
