# misconception: a count is a small number
# message: 90,000 scored losses
def mean_over_scored(losses, scored):
    if not scored.any():
        return 0.0
    return losses[scored].sum() / scored.half().sum()
