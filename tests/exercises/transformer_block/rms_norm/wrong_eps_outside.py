# misconception: eps is added to what one divides by
# message: eps was added to the root|where does|wrong for random x
def rms_norm(x, weight, eps):
    return x / ((x**2).mean(-1, keepdim=True).sqrt() + eps) * weight
