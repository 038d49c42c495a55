# misconception: times 0 is 0
# message: 0 times nan is nan|with nan
def mean_over_scored(losses, scored):
    return (losses * scored).sum() / scored.sum().clamp(min=1)
