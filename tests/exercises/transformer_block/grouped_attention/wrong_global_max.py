# misconception: the largest of all scores may be subtracted from each
# message: wrong where some queries have scores of 2000
def grouped_attention(query, key, value):
    group = query.shape[1] // key.shape[1]
    scores = query @ key.repeat_interleave(group, 1).mT / query.shape[3] ** 0.5
    weights = (scores - scores.max()).exp()
    return weights / weights.sum(-1, keepdim=True) @ value.repeat_interleave(group, 1)
