# misconception: a pair has no order
# message: the order of the letters has changed|two tokens that are not the pair were merged
def merge_pair(tokens, pair):
    merged = []
    for token in tokens:
        if merged and {merged[-1], token} == set(pair):
            merged[-1] = "".join(pair)
        else:
            merged.append(token)
    return merged
