# misconception: the last evaluation of a whole run is its best
# message: you return
def early_stopping(losses, patience, min_delta):
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best] - min_delta:
            best = index
        elif index - best >= patience:
            return index + 1, best
    return len(losses), len(losses) - 1
