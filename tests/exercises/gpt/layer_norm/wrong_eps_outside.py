# misconception: eps is added to the standard deviation
# message: \[2, 4\] with eps=1 becomes 0.500 in column 1: where does eps stand
def layer_norm(x, weight, bias, eps):
    mean, deviation = x.mean(-1, keepdim=True), x.std(-1, keepdim=True, correction=0)
    return (x - mean) / (deviation + eps) * weight + bias
