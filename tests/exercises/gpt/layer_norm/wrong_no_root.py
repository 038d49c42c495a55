# misconception: one divides by the variance
# message: \[1, 5\] becomes \[-0.5, 0.5\]: you divide by the variance|you divide by the variance
def layer_norm(x, weight, bias, eps):
    mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, correction=0)
    return (x - mean) / (variance + eps) * weight + bias
