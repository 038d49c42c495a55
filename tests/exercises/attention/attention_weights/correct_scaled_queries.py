# approach: the queries are divided, in float64, and the logarithm of the sum is subtracted
def attention_weights(queries, keys):
    scores = (queries.double() / queries.shape[1] ** 0.5).matmul(keys.double().mT)
    return (scores - scores.logsumexp(1, keepdim=True)).exp()
