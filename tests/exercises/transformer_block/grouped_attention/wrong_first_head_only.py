# misconception: sharing means one head for all
# message: query heads read the value heads
def grouped_attention(query, key, value):
    weights = (query @ key[:, :1].mT / query.shape[3] ** 0.5).softmax(-1)
    return weights @ value[:, :1].expand(-1, query.shape[1], -1, -1)
