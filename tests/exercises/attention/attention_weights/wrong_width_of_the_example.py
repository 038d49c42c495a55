# misconception: the width is 4, as in the example
# message: a weight is wrong; the largest score
def attention_weights(queries, keys):
    return (queries @ keys.T / 2).softmax(dim=-1)
