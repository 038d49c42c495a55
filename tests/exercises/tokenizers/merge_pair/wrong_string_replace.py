# misconception: merging is a replacement in the text, and every other token is one character
# message: two tokens that are not the pair were merged
import re


def merge_pair(tokens, pair):
    both = "".join(pair)
    return [piece for piece in re.split(f"({both})|", "".join(tokens)) if piece]
