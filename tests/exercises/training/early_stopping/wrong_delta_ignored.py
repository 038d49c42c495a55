# misconception: every improvement counts
# message: not more than 0.5
def early_stopping(losses, patience, min_delta):
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best]:
            best = index
        elif index - best >= patience:
            return index + 1, best
    return len(losses), best
