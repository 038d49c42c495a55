# misconception: the mask can come after the softmax
# message: masked keys have taken a part. When does the mask come in
def masked_softmax(scores, mask):
    return scores.softmax(dim=-1) * mask
