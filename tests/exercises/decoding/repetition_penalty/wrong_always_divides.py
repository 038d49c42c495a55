# misconception: dividing makes every logit smaller
# message: its logit went from -4 to -2.0: did it become less probable
def repetition_penalty(logits, token_ids, penalty):
    result = logits.clone()
    for token in set(token_ids):
        result[token] /= penalty
    return result
