# misconception: the model that is kept is the last
# message: you return
def early_stopping(losses, patience, min_delta):
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best] - min_delta:
            best = index
        elif index - best >= patience:
            return index + 1, index
    return len(losses), best
