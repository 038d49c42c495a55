# misconception: the queries are not needed any more after they were divided
# message: your function changed the queries that it was given
def attention_weights(queries, keys):
    queries /= queries.shape[-1] ** 0.5
    return (queries @ keys.T).softmax(dim=-1)
