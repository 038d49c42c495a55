def early_stopping(losses, patience, min_delta):
    best = 0
    while True:
        window = range(best + 1, min(best + 1 + patience, len(losses)))
        better = [index for index in window if losses[index] < losses[best] - min_delta]
        if not better:
            return min(best + patience + 1, len(losses)), best
        best = better[0]
