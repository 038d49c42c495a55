# misconception: the norm is the largest number
# message: the norm is not the largest number
def clip_by_global_norm(gradients, max_norm):
    norm = max(float(gradient.abs().max()) for gradient in gradients)
    return [gradient * (max_norm / norm if norm > max_norm else 1.0) for gradient in gradients]
