# approach: one merge at a time, of the lowest rank and then the leftmost
def encode_word(word, merges):
    tokens = list(word)
    while len(tokens) > 1:
        choices = [
            (merges.index((tokens[i], tokens[i + 1])), i)
            for i in range(len(tokens) - 1)
            if (tokens[i], tokens[i + 1]) in merges
        ]
        if not choices:
            break
        i = min(choices)[1]
        tokens[i : i + 2] = [tokens[i] + tokens[i + 1]]
    return tuple(tokens)
