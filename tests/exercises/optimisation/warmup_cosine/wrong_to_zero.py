# misconception: the cosine ends at 0
# message: ends at final_lr, not at 0
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    progress = min(1, (step - warmup_steps) / (num_steps - warmup_steps))
    return lr / 2 * (1 + math.cos(math.pi * progress))
