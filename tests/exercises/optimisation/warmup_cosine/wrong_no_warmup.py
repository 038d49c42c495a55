# misconception: there is always a warm-up
# message: ZeroDivisionError|division by zero
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    rising = lr * (step + 1) / warmup_steps
    progress = min(1, max(0, step - warmup_steps) / (num_steps - warmup_steps))
    return min(rising, final_lr + (lr - final_lr) / 2 * (1 + math.cos(math.pi * progress)))
