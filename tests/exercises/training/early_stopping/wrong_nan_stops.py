# misconception: a loss that is not a number ends the run
# message: nan|inf|you return
import math


def early_stopping(losses, patience, min_delta):
    best = 0
    for index, loss in enumerate(losses):
        if not math.isfinite(loss):
            return index + 1, best
        if loss < losses[best] - min_delta:
            best = index
        elif index - best >= patience:
            return index + 1, best
    return len(losses), best
