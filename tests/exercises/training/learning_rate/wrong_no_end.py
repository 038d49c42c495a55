# misconception: the cosine need not end
# message: after S the rate stays final
import math


def learning_rate(step, num_steps, num_warmup_steps, peak, final):
    if step < num_warmup_steps:
        return peak * (step + 1) / num_warmup_steps
    progress = (step - num_warmup_steps) / (num_steps - num_warmup_steps)
    return final + (peak - final) / 2 * (1 + math.cos(math.pi * progress))
