# misconception: the softmax is over positions
# message: 4 tokens to choose from, and 5 positions: over which axis
def next_token_loss(logits, token_ids):
    return -logits.log_softmax(1)[:, :-1].gather(-1, token_ids[:, 1:, None]).mean()
