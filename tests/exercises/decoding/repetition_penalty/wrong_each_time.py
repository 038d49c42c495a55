# misconception: a token that occurs twice is punished twice
# message: does it matter how often
def repetition_penalty(logits, token_ids, penalty):
    result = logits.clone()
    for token in token_ids:
        result[token] = result[token] / penalty if result[token] > 0 else result[token] * penalty
    return result
