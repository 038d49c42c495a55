# approach: a loop over tokens; each loss is the logarithm of a sum less a logit
def next_token_loss(logits, token_ids):
    losses = []
    for b in range(token_ids.shape[0]):
        for t in range(token_ids.shape[1] - 1):
            losses.append(logits[b, t].logsumexp(0) - logits[b, t, token_ids[b, t + 1]])
    return sum(losses) / len(losses)
