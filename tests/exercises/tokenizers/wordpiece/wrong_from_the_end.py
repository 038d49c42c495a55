# misconception: the word is taken apart from its end
# message: a longer piece fits at some point|becomes .* instead of|but every part of it is in the vocabulary
def wordpiece(word, vocab):
    pieces, end = [], len(word)
    while end > 0:
        for start in range(end):
            piece = "##" * (start > 0) + word[start:end]
            if piece in vocab:
                break
        else:
            return ["[UNK]"]
        pieces.insert(0, piece)
        end = start
    return pieces
