# misconception: eps is a lower bound
# message: the larger of two numbers was taken
def rms_norm(x, weight, eps):
    return x / (x**2).mean(-1, keepdim=True).clamp(min=eps).sqrt() * weight
