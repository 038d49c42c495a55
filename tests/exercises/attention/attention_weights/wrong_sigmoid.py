# misconception: any function that makes numbers between 0 and 1 will do
# message: the weights of query 0 sum to 3\.\d+, which is 2 away from 1: each query shares out 1
def attention_weights(queries, keys):
    return (queries @ keys.T / queries.shape[-1] ** 0.5).sigmoid()
