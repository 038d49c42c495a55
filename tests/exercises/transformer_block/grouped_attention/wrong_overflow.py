# misconception: the formula can be typed as it is
# message: wrong for scores|nan
def grouped_attention(query, key, value):
    group = query.shape[1] // key.shape[1]
    weights = (query @ key.repeat_interleave(group, 1).mT / query.shape[3] ** 0.5).exp()
    return weights / weights.sum(-1, keepdim=True) @ value.repeat_interleave(group, 1)
