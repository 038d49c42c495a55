# misconception: a boolean mask as an index keeps the shape
# message: the result has the shape \(9,\), not that of the scores
def masked_softmax(scores, mask):
    return scores[mask].softmax(dim=-1)
