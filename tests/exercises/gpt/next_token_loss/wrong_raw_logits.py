# misconception: logits are log-probabilities
# message: no logits can be sure of everything
def next_token_loss(logits, token_ids):
    return -logits[:, :-1].gather(-1, token_ids[:, 1:, None]).mean()
