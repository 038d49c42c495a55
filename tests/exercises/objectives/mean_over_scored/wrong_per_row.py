# misconception: the sum is divided by the rows
# message: divided by the number of rows
def mean_over_scored(losses, scored):
    return losses[scored].sum() / len(losses)
