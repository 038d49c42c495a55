# misconception: the last token has a right neighbour too
# message: IndexError: .* Which neighbour has the last token
def merge_pair(tokens, pair):
    merged, i = [], 0
    while i < len(tokens):
        if (tokens[i], tokens[i + 1]) == pair:
            merged.append("".join(pair))
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged
