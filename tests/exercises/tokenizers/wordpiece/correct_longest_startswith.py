# approach: the longest vocabulary entry that the marked rest begins with
def wordpiece(word, vocab):
    pieces, rest = [], word
    while rest not in ("", "##"):
        fitting = [piece for piece in vocab if rest.startswith(piece) and piece not in ("", "##")]
        if not pieces:
            fitting = [piece for piece in fitting if not piece.startswith("##")]
        if not fitting:
            return ["[UNK]"]
        piece = max(fitting, key=len)
        pieces.append(piece)
        rest = "##" + rest[len(piece) :]
    return pieces
