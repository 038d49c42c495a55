# misconception: tokens have at most 10 characters
# message: with the merges .* becomes
def encode_word(word, merges):
    tokens = list(word)
    for pair in merges:
        merged = []
        for token in tokens:
            if merged and (merged[-1], token) == pair and len(merged[-1] + token) <= 10:
                merged[-1] += token
            else:
                merged.append(token)
        tokens = merged
    return tokens
