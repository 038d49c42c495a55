# misconception: the mask is added to the scores
# message: key 1 is masked for query 0, and still has the weight
def masked_softmax(scores, mask):
    return (scores + mask.float()).softmax(dim=-1)
