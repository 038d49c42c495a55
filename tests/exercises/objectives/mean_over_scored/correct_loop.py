# approach: a loop over positions
def mean_over_scored(losses, scored):
    total, count = 0.0, 0
    for row, mask in zip(losses, scored.tolist(), strict=True):
        picked = row[mask]
        total = total + picked.sum()
        count += len(picked)
    return total / count if count else 0
