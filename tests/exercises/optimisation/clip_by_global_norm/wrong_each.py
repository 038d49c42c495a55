# misconception: each tensor has its own limit
# message: each tensor is clipped by itself
def clip_by_global_norm(gradients, max_norm):
    return [gradient * min(1.0, max_norm / max(1e-12, float(gradient.norm()))) for gradient in gradients]
