# misconception: tokens can stand in a regular expression as they are
# message: with the merges .* becomes|nothing to repeat|multiple repeat
import re


def encode_word(word, merges):
    text = "".join(f"\x00{character}\x01" for character in word)
    for left, right in merges:
        text = re.sub(f"\x00{left}\x01\x00{right}\x01", lambda _, new=left + right: f"\x00{new}\x01", text)
    return re.findall("\x00([^\x01]+)\x01", text)
