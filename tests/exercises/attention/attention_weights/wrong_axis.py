# misconception: the softmax is over the queries that compete for a key
# message: your columns sum to 1 and not your rows
def attention_weights(queries, keys):
    return (queries @ keys.T / queries.shape[-1] ** 0.5).softmax(dim=0)
