# misconception: any number may be subtracted, so the smallest logit will do
# message: the logits \[1000.0, 0.0\] at temperature 1.0 give nan
def apply_temperature(logits, temperature):
    scaled = logits / temperature
    weights = (scaled - scaled.min()).exp()
    return weights / weights.sum()
