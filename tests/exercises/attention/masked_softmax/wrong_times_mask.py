# misconception: a score of 0 is no score
# message: key 1 is masked for query 0, and still has the weight
def masked_softmax(scores, mask):
    return (scores * mask).softmax(dim=-1)
