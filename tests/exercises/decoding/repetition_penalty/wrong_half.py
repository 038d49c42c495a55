# misconception: half precision is accurate enough
# message: random logits after a text of
def repetition_penalty(logits, token_ids, penalty):
    penalised = logits.half()
    for token in token_ids:
        penalised[token] = logits[token] / penalty if logits[token] > 0 else logits[token] * penalty
    return penalised.float()
