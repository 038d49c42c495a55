# approach: positions, a plain dictionary
def count_pairs(words):
    counts = {}
    for tokens in words:
        for i in range(len(tokens) - 1):
            pair = (tokens[i], tokens[i + 1])
            counts[pair] = counts.get(pair, 0) + words[tokens]
    return counts
