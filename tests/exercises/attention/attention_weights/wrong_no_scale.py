# misconception: the softmax of the dot products is enough
# message: your weights are too sharp
def attention_weights(queries, keys):
    return (queries @ keys.T).softmax(dim=-1)
