# misconception: pairs cut a word into pieces of two
# message: is in 3 words and has the count 1: does a pair begin at each token
def count_pairs(words):
    counts = {}
    for tokens, count in words.items():
        for i in range(0, len(tokens) - 1, 2):
            pair = tokens[i : i + 2]
            counts[pair] = counts.get(pair, 0) + count
    return counts
