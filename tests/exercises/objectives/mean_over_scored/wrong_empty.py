# misconception: something is always scored
# message: where nothing is scored you return nan
def mean_over_scored(losses, scored):
    return losses[scored].mean()
