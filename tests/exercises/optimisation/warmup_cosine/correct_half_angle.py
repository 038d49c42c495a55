# approach: the square of a cosine of half the angle
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    if step < warmup_steps:
        return (step + 1) / warmup_steps * lr
    step = min(step, num_steps)
    share = math.cos(math.pi * (step - warmup_steps) / (num_steps - warmup_steps) / 2) ** 2
    return lr * share + final_lr * (1 - share)
