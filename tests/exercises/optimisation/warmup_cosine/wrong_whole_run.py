# misconception: the cosine spans the whole run
# message: where the warm-up ends, not at step 0|with its largest value|gets the rate
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    progress = min(1, step / num_steps)
    return final_lr + (lr - final_lr) / 2 * (1 + math.cos(math.pi * progress))
