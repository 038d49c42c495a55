# misconception: it does not matter whether one divides before or after the softmax
# message: the weights of query 0 sum to 0.500
def attention_weights(queries, keys):
    return (queries @ keys.T).softmax(dim=-1) / queries.shape[-1] ** 0.5
