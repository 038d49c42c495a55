# misconception: the warm-up rises to 1
# message: warm-up|wrong|is
import math


def learning_rate(step, num_steps, num_warmup_steps, peak, final):
    if step < num_warmup_steps:
        return (step + 1) / num_warmup_steps
    progress = min(1.0, (step - num_warmup_steps) / (num_steps - num_warmup_steps))
    return final + (peak - final) / 2 * (1 + math.cos(math.pi * progress))
