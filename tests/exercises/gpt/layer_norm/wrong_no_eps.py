# misconception: eps is for the careful, and changes nothing
# message: does your code use eps
def layer_norm(x, weight, bias, eps):
    mean, deviation = x.mean(-1, keepdim=True), x.std(-1, keepdim=True, correction=0)
    return (x - mean) / deviation * weight + bias
