# misconception: the softmax runs over the queries
# message: over which axis is the softmax|value heads|values
def grouped_attention(query, key, value):
    group = query.shape[1] // key.shape[1]
    weights = (query @ key.repeat_interleave(group, 1).mT / query.shape[3] ** 0.5).softmax(2)
    return weights @ value.repeat_interleave(group, 1)
