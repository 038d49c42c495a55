# misconception: a loop over the pairs sees every token
# message: becomes .*: a merge loses no letter and doubles none
def merge_pair(tokens, pair):
    merged, i = [], 0
    while i < len(tokens) - 1:
        if (tokens[i], tokens[i + 1]) == pair:
            merged.append("".join(pair))
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged
