# misconception: if nothing changes, the tensor itself is the result
# message: your function returned the tensor that was given to it, not a new one
def repetition_penalty(logits, token_ids, penalty):
    if not token_ids or penalty == 1:
        return logits
    penalised = logits.clone()
    for token in token_ids:
        penalised[token] = logits[token] / penalty if logits[token] > 0 else logits[token] * penalty
    return penalised
