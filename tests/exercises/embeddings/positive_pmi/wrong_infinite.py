# misconception: clamping takes care of everything
# message: holds nan|gives nan


def positive_pmi(counts):
    chance = counts.sum(1, keepdim=True) * counts.sum(0) / counts.sum()
    return (counts / chance).log().clamp(min=0)
