# approach: a function that calls itself on the rest
def wordpiece(word, vocab):
    def split(rest, prefix):
        if not rest:
            return []
        for length in range(len(rest), 0, -1):
            if prefix + rest[:length] in vocab:
                after = split(rest[length:], "##")
                return None if after is None else [prefix + rest[:length], *after]
        return None

    pieces = split(word, "")
    return ["[UNK]"] if pieces is None else pieces
