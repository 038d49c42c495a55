# misconception: a penalty is a factor
# message: its logit grew from 8 to 16.0
def repetition_penalty(logits, token_ids, penalty):
    result = logits.clone()
    for token in set(token_ids):
        result[token] *= penalty
    return result
