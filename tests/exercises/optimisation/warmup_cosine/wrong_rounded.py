# misconception: rates have six digits
# message: wrong at step
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    if step < warmup_steps:
        return round(lr * (step + 1) / warmup_steps, 7)
    progress = min(1, (step - warmup_steps) / (num_steps - warmup_steps))
    return round(final_lr + (lr - final_lr) / 2 * (1 + math.cos(math.pi * progress)), 7)
