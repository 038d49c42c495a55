# misconception: only the last token can be repeated
# message: token 4 occurred, and its logit has not changed
def repetition_penalty(logits, token_ids, penalty):
    result = logits.clone()
    for token in token_ids[-1:]:
        result[token] = result[token] / penalty if result[token] > 0 else result[token] * penalty
    return result
