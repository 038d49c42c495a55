# misconception: the sign for the unknown can be added to the vocabulary
# message: your function changed the vocabulary
def wordpiece(word, vocab):
    pieces, start = [], 0
    vocab.add("[UNK]")
    while start < len(word):
        prefix = "##" if start > 0 else ""
        end = len(word)
        while end > start and prefix + word[start:end] not in vocab:
            end -= 1
        if end == start:
            return ["[UNK]"]
        pieces.append(prefix + word[start:end])
        start = end
    return pieces
