# misconception: the last improvement counts as well
# message: you return
def early_stopping(losses, patience, min_delta):
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best] - min_delta:
            best = index
        elif index - best >= patience - 1:
            return index + 1, best
    return len(losses), best
