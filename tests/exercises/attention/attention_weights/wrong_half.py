# misconception: half precision is accurate enough
# message: (a weight is wrong|away from 1|what do you divide by)
def attention_weights(queries, keys):
    scores = (queries.half() @ keys.half().T / queries.shape[-1] ** 0.5).float()
    return scores.softmax(dim=-1)
