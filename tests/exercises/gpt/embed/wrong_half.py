# misconception: half precision is accurate enough
# message: random tables|gets the
def embed(token_ids, token_embedding, position_embedding, start):
    hidden = token_embedding.bfloat16()[token_ids] + position_embedding.bfloat16()[start : start + token_ids.shape[1]]
    return hidden.float()
