from math import cos, pi


def learning_rate(step, num_steps, num_warmup_steps, peak, final):
    if step < num_warmup_steps:
        return (step + 1) / num_warmup_steps * peak
    if step > num_steps:
        return final
    angle = pi * (step - num_warmup_steps) / (num_steps - num_warmup_steps)
    return final + (peak - final) * (1 + cos(angle)) / 2
