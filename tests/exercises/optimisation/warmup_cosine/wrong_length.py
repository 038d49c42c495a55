# misconception: the cosine has num_steps steps
# message: over how many steps does the cosine fall
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    progress = min(1, (step - warmup_steps) / num_steps)
    return final_lr + (lr - final_lr) / 2 * (1 + math.cos(math.pi * progress))
