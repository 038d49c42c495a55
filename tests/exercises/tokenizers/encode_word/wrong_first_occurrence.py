# misconception: each merge is applied once
# message: 'lowlow' becomes .*: what of a pair that occurs more than once
def encode_word(word, merges):
    tokens = list(word)
    for pair in merges:
        for i in range(len(tokens) - 1):
            if (tokens[i], tokens[i + 1]) == pair:
                tokens[i : i + 2] = ["".join(pair)]
                break
    return tokens
