# misconception: all tokens of a step stand at `start`
# message: token 31 in column 1 of row 0 gets no position|gets the position \d+: who stands where
def embed(token_ids, token_embedding, position_embedding, start):
    return token_embedding[token_ids] + position_embedding[start]
