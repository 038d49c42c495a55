# misconception: scores that are too large for exp can be cut off at 80
# message: the weights of random scores under a random mask are wrong
def masked_softmax(scores, mask):
    exponentials = scores.clamp(-80, 80).exp() * mask
    return exponentials / exponentials.sum(dim=-1, keepdim=True).clamp(min=1e-45)
