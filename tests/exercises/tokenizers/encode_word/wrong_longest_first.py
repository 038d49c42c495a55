# misconception: the longest token that fits is taken, as in WordPiece
# message: the list says which pair comes first
def encode_word(word, merges):
    vocabulary = {"".join(pair) for pair in merges}
    tokens, start = [], 0
    while start < len(word):
        end = len(word)
        while end > start + 1 and word[start:end] not in vocabulary:
            end -= 1
        tokens.append(word[start:end])
        start = end
    return tokens
