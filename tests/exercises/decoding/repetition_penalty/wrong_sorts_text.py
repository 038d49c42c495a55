# misconception: the list of tokens can be put in order where it is
# message: your function changed the list of tokens
def repetition_penalty(logits, token_ids, penalty):
    token_ids.sort()
    penalised = logits.clone()
    for token in token_ids:
        penalised[token] = logits[token] / penalty if logits[token] > 0 else logits[token] * penalty
    return penalised
