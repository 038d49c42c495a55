# misconception: a piece has at most 10 characters
# message: instead of
def wordpiece(word, vocab):
    pieces, start = [], 0
    while start < len(word):
        prefix = "##" if start > 0 else ""
        end = min(len(word), start + 10)
        while end > start and prefix + word[start:end] not in vocab:
            end -= 1
        if end == start:
            return ["[UNK]"]
        pieces.append(prefix + word[start:end])
        start = end
    return pieces
