# approach: nan and infinity become finite, then a product with the mask
def mean_over_scored(losses, scored):
    return (losses.nan_to_num(0.0) * scored).sum() / scored.sum().clamp(min=1)
