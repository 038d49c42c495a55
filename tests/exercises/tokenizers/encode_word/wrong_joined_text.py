# misconception: a merge is a replacement in the text
# message: 'abc' with .* becomes .*, which is wrong|as if \('a', 'b'\) had been merged first|becomes .* instead of
import re


def encode_word(word, merges):
    pieces = [word]
    for pair in merges:
        token = "".join(pair)
        pieces = [part for piece in pieces for part in re.split(f"({token})", piece) if part]
    vocabulary = {"".join(pair) for pair in merges}
    return [token for piece in pieces for token in ([piece] if piece in vocabulary else piece)]
