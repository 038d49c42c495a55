# misconception: scores are dot products
# message: the scores are not divided
def grouped_attention(query, key, value):
    group = query.shape[1] // key.shape[1]
    weights = (query @ key.repeat_interleave(group, 1).mT).softmax(-1)
    return weights @ value.repeat_interleave(group, 1)
