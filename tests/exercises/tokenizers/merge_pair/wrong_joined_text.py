# misconception: tokens that spell the same are the same pair
# message: two tokens that are not the pair were merged
def merge_pair(tokens, pair):
    merged, i = [], 0
    while i < len(tokens):
        if "".join(tokens[i : i + 2]) == "".join(pair) and i + 1 < len(tokens):
            merged.append("".join(pair))
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged
