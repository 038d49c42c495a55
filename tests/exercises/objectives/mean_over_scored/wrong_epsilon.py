# misconception: a small number in the denominator does no harm
# message: wrong for random losses|wrong gradient|you return
def mean_over_scored(losses, scored):
    return losses[scored].sum() / (scored.sum() + 1e-3)
