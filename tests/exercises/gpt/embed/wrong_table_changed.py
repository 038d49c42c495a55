# misconception: positions can be added to the table of tokens
# message: your function changed the tensor `token_embedding`|gets the
def embed(token_ids, token_embedding, position_embedding, start):
    for t in range(token_ids.shape[1]):
        token_embedding[token_ids[:, t]] += position_embedding[start + t]
    return token_embedding[token_ids]
