# misconception: no word contains the separator
# message: with the merges .* becomes
import re


def encode_word(word, merges):
    text = "".join(f"|{character}|" for character in word)
    for left, right in merges:
        text = re.sub(rf"\|{re.escape(left)}\|\|{re.escape(right)}\|", lambda _, new=left + right: f"|{new}|", text)
    return re.findall(r"\|([^|]+)\|", text)
