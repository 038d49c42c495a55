# misconception: norms of tensors add up
# message: not the sum of the tensors' norms
def clip_by_global_norm(gradients, max_norm):
    norm = sum(float(gradient.norm()) for gradient in gradients)
    return [gradient * (max_norm / norm if norm > max_norm else 1.0) for gradient in gradients]
