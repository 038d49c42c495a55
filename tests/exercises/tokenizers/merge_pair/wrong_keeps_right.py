# misconception: the right token stays after a merge
# message: a merge loses no letter and doubles none
def merge_pair(tokens, pair):
    merged = list(tokens)
    for i in range(len(tokens) - 1):
        if (tokens[i], tokens[i + 1]) == pair:
            merged[i] = "".join(pair)
    return merged
