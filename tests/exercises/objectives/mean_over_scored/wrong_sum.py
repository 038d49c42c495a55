# misconception: a loss is a sum
# message: this is the sum over the scored positions
def mean_over_scored(losses, scored):
    return losses[scored].sum()
