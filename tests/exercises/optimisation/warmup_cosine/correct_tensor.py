# approach: a tensor with one number
import torch


def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    step = torch.tensor(float(step), dtype=torch.float64)
    rising = lr * (step + 1) / max(1, warmup_steps)
    share = ((step - warmup_steps) / (num_steps - warmup_steps)).clamp(0, 1)
    falling = final_lr + (lr - final_lr) * (1 + torch.cos(torch.pi * share)) / 2
    return torch.where(step < warmup_steps, rising, falling)
