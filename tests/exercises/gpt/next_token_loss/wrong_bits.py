# misconception: any base will do
# message: this is in bits: use the natural logarithm
def next_token_loss(logits, token_ids):
    return -logits[:, :-1].softmax(-1).gather(-1, token_ids[:, 1:, None]).log2().mean()
