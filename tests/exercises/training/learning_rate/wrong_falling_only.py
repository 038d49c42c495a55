# misconception: the final rate is below the peak
# message: and you return
import math


def learning_rate(step, num_steps, num_warmup_steps, peak, final):
    if step < num_warmup_steps:
        return peak * (step + 1) / num_warmup_steps
    progress = min(1.0, (step - num_warmup_steps) / (num_steps - num_warmup_steps))
    return final + max(0.0, peak - final) / 2 * (1 + math.cos(math.pi * progress))
