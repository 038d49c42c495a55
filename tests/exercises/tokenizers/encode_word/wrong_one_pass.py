# misconception: one walk through the word merges everything
# message: can still be merged. Does a merged token merge again
def encode_word(word, merges):
    tokens, i = [], 0
    while i < len(word):
        if tuple(word[i : i + 2]) in merges:
            tokens.append(word[i : i + 2])
            i += 2
        else:
            tokens.append(word[i])
            i += 1
    return tokens
