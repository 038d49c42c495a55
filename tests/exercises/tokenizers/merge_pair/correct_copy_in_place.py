# approach: a copy, shortened in place with list.insert and pop; a tuple comes back
def merge_pair(tokens, pair):
    tokens = tokens.copy()
    i = 0
    while i < len(tokens) - 1:
        if (tokens[i], tokens[i + 1]) == pair:
            tokens.pop(i)
            tokens.pop(i)
            tokens.insert(i, "".join(pair))
        i += 1
    return tuple(tokens)
