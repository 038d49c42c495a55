def early_stopping(losses, patience, min_delta):
    best_loss, best_index, bad = losses[0], 0, 0
    for index in range(1, len(losses)):
        if losses[index] < best_loss - min_delta:
            best_loss, best_index, bad = losses[index], index, 0
        else:
            bad += 1
            if bad == patience:
                return index + 1, best_index
    return len(losses), best_index
