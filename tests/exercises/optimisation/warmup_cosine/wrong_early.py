# misconception: the cosine is one step ahead
# message: the cosine begins at step W, with its largest value
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    progress = min(1, (step - warmup_steps + 1) / (num_steps - warmup_steps))
    return final_lr + (lr - final_lr) / 2 * (1 + math.cos(math.pi * progress))
