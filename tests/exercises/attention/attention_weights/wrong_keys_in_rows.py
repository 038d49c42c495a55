# misconception: the order of keys and queries in the product does not matter
# message: the shape \(5, 3\): your rows belong to the keys
def attention_weights(queries, keys):
    return (keys @ queries.T / queries.shape[-1] ** 0.5).softmax(dim=-1)
