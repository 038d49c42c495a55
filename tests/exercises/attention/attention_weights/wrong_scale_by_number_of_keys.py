# misconception: d_k is the number of keys
# message: differ by 2.236 in your code. Their dot products differ by 5: what do you divide by
def attention_weights(queries, keys):
    return (queries @ keys.T / len(keys) ** 0.5).softmax(dim=-1)
