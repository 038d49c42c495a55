# misconception: a penalty above 2 makes no sense
# message: random logits after a text of
def repetition_penalty(logits, token_ids, penalty):
    penalty = min(penalty, 2.0)
    penalised = logits.clone()
    for token in token_ids:
        penalised[token] = logits[token] / penalty if logits[token] > 0 else logits[token] * penalty
    return penalised
