# misconception: scaling means to multiply by the root
# message: your weights are too sharp: are the dot products divided
def attention_weights(queries, keys):
    return (queries @ keys.T * queries.shape[-1] ** 0.5).softmax(dim=-1)
