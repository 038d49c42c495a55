# misconception: the final rate is added
# message: by what is the cosine multiplied|gets the rate
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    progress = min(1, (step - warmup_steps) / (num_steps - warmup_steps))
    return final_lr + lr / 2 * (1 + math.cos(math.pi * progress))
