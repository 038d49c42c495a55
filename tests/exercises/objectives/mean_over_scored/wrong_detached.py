# misconception: a loss is a number
# message: no gradient reaches the losses
def mean_over_scored(losses, scored):
    chosen = losses[scored].tolist()
    return sum(chosen) / max(len(chosen), 1)
