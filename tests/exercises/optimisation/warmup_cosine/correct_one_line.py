# approach: one expression with minima
import math


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    share = min(1, max(0, step - warmup_steps) / (num_steps - warmup_steps))
    low = final_lr + 0.5 * (lr - final_lr) * (1 + math.cos(share * math.pi))
    return low if step >= warmup_steps else lr / warmup_steps * (step + 1)
