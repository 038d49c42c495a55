# misconception: the result is the text
# message: is a string, not a list of tokens
def merge_pair(tokens, pair):
    return " ".join(tokens).replace(" ".join(pair), "".join(pair))
