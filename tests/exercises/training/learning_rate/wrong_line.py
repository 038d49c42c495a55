# misconception: the rate falls along a line
# message: half a cosine, not along a line


def learning_rate(step, num_steps, num_warmup_steps, peak, final):
    if step < num_warmup_steps:
        return peak * (step + 1) / num_warmup_steps
    progress = min(1.0, (step - num_warmup_steps) / (num_steps - num_warmup_steps))
    return peak + (final - peak) * progress
