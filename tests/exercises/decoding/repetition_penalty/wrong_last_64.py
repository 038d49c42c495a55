# misconception: only the last 64 tokens count
# message: after a text of 1\d+ tokens|random logits after a text of
def repetition_penalty(logits, token_ids, penalty):
    penalised = logits.clone()
    for token in token_ids[-64:]:
        penalised[token] = logits[token] / penalty if logits[token] > 0 else logits[token] * penalty
    return penalised
