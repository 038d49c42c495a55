# misconception: an index is a number of evaluations
# message: you return
def early_stopping(losses, patience, min_delta):
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best] - min_delta:
            best = index
        elif index - best >= patience:
            return index, best
    return len(losses), best
