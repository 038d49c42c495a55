# misconception: one may look for the minimum of the whole run
# message: never|below the best|you return
def early_stopping(losses, patience, min_delta):
    best = min(range(len(losses)), key=lambda index: losses[index])
    return min(len(losses), best + patience + 1), best
