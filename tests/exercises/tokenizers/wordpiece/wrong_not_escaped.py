# misconception: pieces can stand in a regular expression as they are
# message: instead of|nothing to repeat|multiple repeat|unterminated
import re


def wordpiece(word, vocab):
    ordered = sorted(vocab, key=len, reverse=True)
    first = re.compile("|".join(piece for piece in ordered if not piece.startswith("##")))
    later = re.compile("|".join(piece[2:] for piece in ordered if piece.startswith("##")))
    position, pieces = 0, []
    while position < len(word):
        found = (later if pieces else first).match(word, position)
        if found is None:
            return ["[UNK]"]
        pieces.append("##" * bool(pieces) + found[0])
        position = found.end()
    return pieces
