# approach: masked_select, and a mean only of something
def mean_over_scored(losses, scored):
    if not scored.any():
        return 0.0
    return losses.masked_select(scored).mean()
