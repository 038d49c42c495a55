# misconception: token 0 is no token
# message: wrong|its logit has not changed
def repetition_penalty(logits, token_ids, penalty):
    penalised = logits.clone()
    for token in token_ids:
        if token:
            penalised[token] = logits[token] / penalty if logits[token] > 0 else logits[token] * penalty
    return penalised
