# misconception: losses may be cleared where they are
# message: changed its argument `losses`|leaf
def mean_over_scored(losses, scored):
    if losses.requires_grad:
        losses = losses.clone()
    losses[~scored] = 0.0
    return losses.sum() / scored.sum().clamp(min=1)
