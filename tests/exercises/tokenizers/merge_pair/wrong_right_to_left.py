# misconception: the side on which one begins does not matter
# message: \['a', 'a', 'a'\] with the pair \('a', 'a'\) becomes \['a', 'aa'\]: did you begin on the right
def merge_pair(tokens, pair):
    tokens = list(tokens)
    i = len(tokens) - 2
    while i >= 0:
        if (tokens[i], tokens[i + 1]) == pair:
            tokens[i : i + 2] = ["".join(pair)]
            i -= 1
        i -= 1
    return tokens
