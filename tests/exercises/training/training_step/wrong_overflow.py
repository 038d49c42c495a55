# misconception: the softmax can be computed as it stands
# message: which exponential is too large
def training_step(weights, x, targets, lr):
    exponentials = (x @ weights).exp()
    probabilities = exponentials / exponentials.sum(dim=-1, keepdim=True)
    loss = -probabilities[range(len(x)), targets].log().mean()
    probabilities[range(len(x)), targets] -= 1
    return weights - lr * x.T @ probabilities / len(x), loss
