# misconception: one number is subtracted from all scores, the largest of the whole matrix
# message: a weight is wrong|changed its|nan
def attention_weights(queries, keys):
    scores = queries @ keys.T / queries.shape[-1] ** 0.5
    exponentials = (scores - scores.max()).exp()
    return exponentials / exponentials.sum(dim=-1, keepdim=True)
