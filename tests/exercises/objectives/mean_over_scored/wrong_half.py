# misconception: half precision is enough
# message: wrong for random losses
def mean_over_scored(losses, scored):
    chosen = losses[scored].bfloat16()
    return (chosen.sum() / max(len(chosen), 1)).float()
