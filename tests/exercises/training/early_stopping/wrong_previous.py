# misconception: an evaluation is compared with the one before
# message: you return
def early_stopping(losses, patience, min_delta):
    best, bad = 0, 0
    for index in range(1, len(losses)):
        if losses[index] < losses[index - 1] - min_delta:
            best, bad = index, 0
        else:
            bad += 1
            if bad == patience:
                return index + 1, best
    return len(losses), best
