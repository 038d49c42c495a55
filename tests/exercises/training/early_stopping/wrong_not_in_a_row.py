# misconception: bad evaluations are counted over the whole run
# message: sets the count of bad evaluations back
def early_stopping(losses, patience, min_delta):
    best, bad = 0, 0
    for index in range(1, len(losses)):
        if losses[index] < losses[best] - min_delta:
            best = index
        else:
            bad += 1
            if bad == patience:
                return index + 1, best
    return len(losses), best
