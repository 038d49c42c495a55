# misconception: the positions of a length are always the same, and can be kept
# message: does your code use `start`|random tables|gets the position
kept = {}


def embed(token_ids, token_embedding, position_embedding, start):
    length = token_ids.shape[1]
    if length not in kept:
        kept[length] = position_embedding[start : start + length]
    return token_embedding[token_ids] + kept[length]
