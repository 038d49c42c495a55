# misconception: the mean of squares less the square of the mean is as accurate
# message: with mean -?900|is not finite
def layer_norm(x, weight, bias, eps):
    mean = x.mean(-1, keepdim=True)
    variance = ((x**2).mean(-1, keepdim=True) - mean**2).clamp(min=0)
    return (x - mean) / (variance + eps).sqrt() * weight + bias
