# misconception: a mask says what is left out
# message: these are the positions that are not scored
def mean_over_scored(losses, scored):
    chosen = losses[~scored]
    return chosen.sum() / max(len(chosen), 1)
