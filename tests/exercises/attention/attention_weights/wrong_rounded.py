# misconception: three digits are enough, as in the example
# message: (a weight is wrong|away from 1|what do you divide by)
def attention_weights(queries, keys):
    return (queries @ keys.T / queries.shape[-1] ** 0.5).softmax(dim=-1).round(decimals=3)
