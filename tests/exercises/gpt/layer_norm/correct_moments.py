# approach: variance as the mean of squares less the square of the mean, in float64; last axis moved to the front
def layer_norm(x, weight, bias, eps):
    columns = x.double().movedim(-1, 0)
    mean = columns.mean(0)
    size = ((columns**2).mean(0) - mean**2 + eps) ** 0.5
    return ((columns - mean) / size).movedim(0, -1) * weight + bias
