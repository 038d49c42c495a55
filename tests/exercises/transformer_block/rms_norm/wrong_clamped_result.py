# misconception: normalised numbers lie between -10 and 10
# message: instead of -17.321
def rms_norm(x, weight, eps):
    return (x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt()).clamp(-10, 10) * weight
