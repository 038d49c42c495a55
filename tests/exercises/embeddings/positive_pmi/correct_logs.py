# approach: differences of logarithms, in float64


def positive_pmi(counts):
    n = counts.double()
    logs = n.log() + n.sum().log() - n.sum(0).log() - n.sum(1, keepdim=True).log()
    return logs.nan_to_num(nan=0.0, neginf=0.0).clamp(min=0)
