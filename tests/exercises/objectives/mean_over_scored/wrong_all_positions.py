# misconception: a mean is over everything
# message: this is the mean over all positions
def mean_over_scored(losses, scored):
    return losses.mean()
