# misconception: min_delta is measured from the smallest loss so far
# message: compared with 4
def early_stopping(losses, patience, min_delta):
    best, lowest = 0, losses[0]
    for index in range(1, len(losses)):
        if losses[index] < lowest - min_delta:
            best = index
        elif index - best >= patience:
            return index + 1, best
        lowest = min(lowest, losses[index])
    return len(losses), best
