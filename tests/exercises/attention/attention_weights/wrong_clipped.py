# misconception: scores that are too large for exp can be cut off at 50
# message: a weight is wrong; the largest score
def attention_weights(queries, keys):
    exponentials = (queries @ keys.T / queries.shape[-1] ** 0.5).clamp(-50, 50).exp()
    return exponentials / exponentials.sum(dim=-1, keepdim=True)
