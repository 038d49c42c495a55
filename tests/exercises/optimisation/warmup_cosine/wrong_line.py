# misconception: it falls along a line
# message: along a line, not along a cosine
def warmup_cosine(step, lr, num_steps, warmup_steps, final_lr):
    if step < warmup_steps:
        return lr * (step + 1) / warmup_steps
    progress = min(1, (step - warmup_steps) / (num_steps - warmup_steps))
    return lr + (final_lr - lr) * progress
