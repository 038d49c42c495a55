# misconception: min_delta is a share
# message: you return
def early_stopping(losses, patience, min_delta):
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best] * (1 - min_delta):
            best = index
        elif index - best >= patience:
            return index + 1, best
    return len(losses), best
