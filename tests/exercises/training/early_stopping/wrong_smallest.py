# misconception: the best evaluation is the smallest loss
# message: you return
def early_stopping(losses, patience, min_delta):
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best] - min_delta:
            best = index
        elif index - best >= patience:
            return index + 1, losses.index(min(losses[: index + 1]))
    return len(losses), losses.index(min(losses))
