# misconception: the same sizes give the same weights, which need not be computed again
# message: a weight is wrong; the largest score
cache = {}


def attention_weights(queries, keys):
    sizes = (*queries.shape, *keys.shape)
    if sizes not in cache:
        cache[sizes] = (queries @ keys.T / queries.shape[-1] ** 0.5).softmax(dim=-1)
    return cache[sizes]
