# misconception: the last step of a schedule of one step is the final one
# message: a schedule of one step
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    if num_steps == 1:
        return final_lr
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    x = (min(step, num_steps) - warmup_steps) / (num_steps - warmup_steps)
    return final_lr + (lr - final_lr) / 2 * (1 + math.cos(math.pi * x))
