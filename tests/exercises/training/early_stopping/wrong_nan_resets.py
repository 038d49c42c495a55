# misconception: what is not worse is better
# message: nan is no improvement
def early_stopping(losses, patience, min_delta):
    best, bad = 0, 0
    for index in range(1, len(losses)):
        if losses[index] >= losses[best] - min_delta:
            bad += 1
            if bad == patience:
                return index + 1, best
        else:
            best, bad = index, 0
    return len(losses), best
