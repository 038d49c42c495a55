# misconception: dividing by the sum normalises; no exponential is needed
# message: is negative: which function makes numbers positive
def attention_weights(queries, keys):
    scores = queries @ keys.T / queries.shape[-1] ** 0.5
    return scores / scores.sum(dim=-1, keepdim=True)
