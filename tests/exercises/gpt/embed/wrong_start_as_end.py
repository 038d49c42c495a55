# misconception: the slice ends at T, also when it does not begin at 0
# message: must match the size of tensor
def embed(token_ids, token_embedding, position_embedding, start):
    return token_embedding[token_ids] + position_embedding[start : token_ids.shape[1]]
