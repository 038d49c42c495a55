# misconception: the largest score is subtracted, masked or not
# message: two equal scores of -1000, and a masked one
def masked_softmax(scores, mask):
    exponentials = (scores - scores.amax(dim=-1, keepdim=True)).exp() * mask
    return exponentials / exponentials.sum(dim=-1, keepdim=True).clamp(min=1e-30)
