# misconception: attention knows the order of the tokens
# message: token 31 in column 1 of row 0 gets no position
def embed(token_ids, token_embedding, position_embedding, start):
    return token_embedding[token_ids]
