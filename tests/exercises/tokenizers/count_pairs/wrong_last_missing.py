# misconception: the range stops one pair too early
# message: the pair \('w', 'er'\) at the end of a word is missing
def count_pairs(words):
    counts = {}
    for tokens, count in words.items():
        for i in range(len(tokens) - 2):
            pair = tokens[i : i + 2]
            counts[pair] = counts.get(pair, 0) + count
    return counts
