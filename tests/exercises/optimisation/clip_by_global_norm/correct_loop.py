# approach: squares added up one by one
def clip_by_global_norm(gradients, max_norm):
    total = 0.0
    for gradient in gradients:
        for number in gradient.flatten().tolist():
            total += number**2
    divisor = max(1.0, total**0.5 / max_norm)
    return [gradient / divisor for gradient in gradients]
