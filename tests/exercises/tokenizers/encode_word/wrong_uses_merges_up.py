# misconception: a merge that has been applied can be taken off the list
# message: your function changed the list of merges
def encode_word(word, merges):
    tokens = list(word)
    while merges:
        pair = merges.pop(0)
        i = 0
        while i < len(tokens) - 1:
            if (tokens[i], tokens[i + 1]) == pair:
                tokens[i : i + 2] = ["".join(pair)]
            i += 1
    return tokens
