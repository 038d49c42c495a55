# misconception: the average probability measures the model
# message: this is a probability, not its negative logarithm
def next_token_loss(logits, token_ids):
    return logits[:, :-1].softmax(-1).gather(-1, token_ids[:, 1:, None]).mean()
