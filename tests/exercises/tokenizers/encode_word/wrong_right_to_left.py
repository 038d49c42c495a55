# misconception: the side on which one begins does not matter
# message: 'aaa' with \[\('a', 'a'\)\] becomes \['a', 'aa'\]: merges go from left to right
def encode_word(word, merges):
    tokens = list(word)
    for pair in merges:
        i = len(tokens) - 2
        while i >= 0:
            if tuple(tokens[i : i + 2]) == pair:
                tokens[i : i + 2] = ["".join(pair)]
            i -= 1
    return tokens
