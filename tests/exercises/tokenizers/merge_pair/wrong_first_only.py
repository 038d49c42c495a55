# misconception: a merge happens once
# message: becomes .*: an occurrence of the pair is left
def merge_pair(tokens, pair):
    tokens = list(tokens)
    for i in range(len(tokens) - 1):
        if (tokens[i], tokens[i + 1]) == pair:
            return [*tokens[:i], "".join(pair), *tokens[i + 2 :]]
    return tokens
