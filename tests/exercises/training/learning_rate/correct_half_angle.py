import math


def learning_rate(step, num_steps, num_warmup_steps, peak, final):
    if step < num_warmup_steps:
        return peak * (step + 1) / num_warmup_steps
    done = min(step - num_warmup_steps, num_steps - num_warmup_steps)
    share = math.cos(math.pi / 2 * done / (num_steps - num_warmup_steps)) ** 2
    return share * peak + (1 - share) * final
