# misconception: the cosine goes to its zero
# message: a quarter of a cosine
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    progress = min(1, (step - warmup_steps) / (num_steps - warmup_steps))
    return final_lr + (lr - final_lr) * math.cos(math.pi / 2 * progress)
