# misconception: the first piece that is found is the right one
# message: 'playing' becomes .*: a longer piece fits at some point
def wordpiece(word, vocab):
    pieces, start = [], 0
    while start < len(word):
        for end in range(start + 1, len(word) + 1):
            piece = "##" * (start > 0) + word[start:end]
            if piece in vocab:
                break
        else:
            return ["[UNK]"]
        pieces.append(piece)
        start = end
    return pieces
