# misconception: every token has a right neighbour
# message: IndexError: .* How many pairs begin in a word of one token
def count_pairs(words):
    counts = {}
    for tokens, count in words.items():
        for i in range(len(tokens)):
            pair = (tokens[i], tokens[i + 1])
            counts[pair] = counts.get(pair, 0) + count
    return counts
