# misconception: losses are compared as they are printed, with four digits
# message: you return .* instead of
import math


def early_stopping(losses, patience, min_delta):
    best, index, bad = round(losses[0], 4), 0, 0
    for i in range(1, len(losses)):
        loss = round(losses[i], 4) if math.isfinite(losses[i]) else math.inf
        if loss < best - min_delta:
            best, index, bad = loss, i, 0
        else:
            bad += 1
            if bad == patience:
                return i + 1, index
    return len(losses), index
