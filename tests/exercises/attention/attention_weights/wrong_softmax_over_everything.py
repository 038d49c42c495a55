# misconception: all weights together sum to 1
# message: the weights of query 0 sum to 0\.\d+, which is .* away from 1: each query shares out 1
def attention_weights(queries, keys):
    return (queries @ keys.T / queries.shape[-1] ** 0.5).flatten().softmax(dim=0).view(len(queries), len(keys))
