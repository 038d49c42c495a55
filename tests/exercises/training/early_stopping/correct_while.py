def early_stopping(losses, patience, min_delta):
    made, best = 1, 0
    while made < len(losses) and made - 1 - best < patience:
        if losses[best] - losses[made] > min_delta:
            best = made
        made += 1
    return made, best
