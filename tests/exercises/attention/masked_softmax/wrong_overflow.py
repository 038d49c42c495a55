# misconception: the exponentials can be typed as they stand
# message: exp\(1000\) is too large for a float
def masked_softmax(scores, mask):
    exponentials = scores.exp() * mask
    return exponentials / exponentials.sum(dim=-1, keepdim=True).clamp(min=1e-30)
