# misconception: the caller does not need the logits any more
# message: your function changed the logits that were given to it
def repetition_penalty(logits, token_ids, penalty):
    for token in set(token_ids):
        logits[token] = logits[token] / penalty if logits[token] > 0 else logits[token] * penalty
    return logits
