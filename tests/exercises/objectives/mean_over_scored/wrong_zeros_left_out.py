# misconception: a loss of 0 is not scored
# message: a loss of 0 at a scored position
def mean_over_scored(losses, scored):
    chosen = losses[scored]
    return chosen.sum() / (chosen != 0).sum().clamp(min=1)
