# misconception: the penalty is subtracted
# message: with the penalty 2, the logits -4 and 8 became
def repetition_penalty(logits, token_ids, penalty):
    result = logits.clone()
    for token in set(token_ids):
        result[token] -= penalty
    return result
