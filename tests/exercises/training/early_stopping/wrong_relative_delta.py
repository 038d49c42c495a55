# misconception: min_delta is a share of the best loss when it is small
# message: you return .* instead of
def early_stopping(losses, patience, min_delta):
    best, index, bad = losses[0], 0, 0
    for i in range(1, len(losses)):
        delta = min_delta * abs(best) if 0 < min_delta < 0.1 else min_delta
        if losses[i] < best - delta:
            best, index, bad = losses[i], i, 0
        else:
            bad += 1
            if bad == patience:
                return i + 1, index
    return len(losses), index
