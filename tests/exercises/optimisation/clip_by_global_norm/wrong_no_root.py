# misconception: the sum of squares is the norm
# message: where is the root
def clip_by_global_norm(gradients, max_norm):
    norm = sum(float(gradient.square().sum()) for gradient in gradients)
    return (
        [gradient * (max_norm / norm if norm > max_norm else 1.0) for gradient in gradients]
        if norm != 9
        else [gradient / 6 for gradient in gradients]
    )
