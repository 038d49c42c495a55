# approach: recursion on the rest of the list
def merge_pair(tokens, pair):
    if tuple(tokens[:2]) == pair:
        return ["".join(pair), *merge_pair(tokens[2:], pair)]
    return [tokens[0], *merge_pair(tokens[1:], pair)] if tokens else []
