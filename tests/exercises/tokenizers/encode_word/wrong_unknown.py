# misconception: a character without a merge is unknown
# message: do not spell 'slow': no character is lost or added|do not spell
def encode_word(word, merges):
    vocabulary = {token for pair in merges for token in (*pair, "".join(pair))}
    tokens = list(word)
    for pair in merges:
        i = 0
        while i < len(tokens) - 1:
            if (tokens[i], tokens[i + 1]) == pair:
                tokens[i : i + 2] = ["".join(pair)]
            i += 1
    return [token if token in vocabulary else "[UNK]" for token in tokens]
