# misconception: patience is exceeded, not reached
# message: below the best|equal loss
def early_stopping(losses, patience, min_delta):
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best] - min_delta:
            best = index
        elif index - best > patience:
            return index + 1, best
    return len(losses), best
