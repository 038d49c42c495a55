# misconception: what is not scored is recognised by being nan or infinite if there is any
# message: with 7 and nan
def mean_over_scored(losses, scored):
    bad = ~losses.isfinite()
    keep = ~bad if bool(bad.any()) and bool(scored.any()) else scored
    return losses[keep].mean() if keep.any() else 0.0
