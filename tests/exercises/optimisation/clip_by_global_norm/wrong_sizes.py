# misconception: the norm is the sum of absolute values
# message: not the sum of sizes
def clip_by_global_norm(gradients, max_norm):
    norm = sum(float(gradient.abs().sum()) for gradient in gradients)
    return [gradient * (max_norm / norm if norm > max_norm else 1.0) for gradient in gradients]
