# misconception: the position table is looked up like the token table, by id
# message: gets the position 7: who stands where
def embed(token_ids, token_embedding, position_embedding, start):
    return token_embedding[token_ids] + position_embedding[token_ids + start]
