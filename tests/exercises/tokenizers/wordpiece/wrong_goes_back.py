# misconception: if the longest piece leads nowhere, a shorter one is tried
# message: 'abcd' becomes \['a', '##bcd'\]: the longest piece is not 'a', and there is no way back
def wordpiece(word, vocab):
    def split(start):
        if start == len(word):
            return []
        for end in range(len(word), start, -1):
            piece = "##" * (start > 0) + word[start:end]
            if piece in vocab and (rest := split(end)) is not None:
                return [piece, *rest]
        return None

    pieces = split(0)
    return ["[UNK]"] if pieces is None else pieces
