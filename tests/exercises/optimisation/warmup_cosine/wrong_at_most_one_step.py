# misconception: the smaller of rise and fall
# message: gets the rate|wrong at step
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    progress = min(1, max(0, step - warmup_steps + 1) / (num_steps - warmup_steps + 1))
    falling = final_lr + (lr - final_lr) / 2 * (1 + math.cos(math.pi * progress))
    return lr * (step + 1) / warmup_steps if step < warmup_steps else falling
