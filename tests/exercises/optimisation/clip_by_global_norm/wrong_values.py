# misconception: no number exceeds the limit
# message: each number is clipped by itself
def clip_by_global_norm(gradients, max_norm):
    return [gradient.clamp(-max_norm, max_norm) for gradient in gradients]
