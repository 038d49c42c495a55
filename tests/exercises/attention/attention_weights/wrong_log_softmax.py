# misconception: log_softmax is the stable softmax
# message: is negative: which function makes numbers positive
def attention_weights(queries, keys):
    return (queries @ keys.T / queries.shape[-1] ** 0.5).log_softmax(dim=-1)
