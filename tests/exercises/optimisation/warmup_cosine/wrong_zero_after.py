# misconception: after the end there is no training
# message: after step S the rate stays as it is
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    if step > num_steps:
        return 0.0
    progress = (step - warmup_steps) / (num_steps - warmup_steps)
    return final_lr + (lr - final_lr) / 2 * (1 + math.cos(math.pi * progress))
