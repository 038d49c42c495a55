# misconception: a word has always the same pieces, and can be kept
# message: instead of
kept = {}


def wordpiece(word, vocab):
    if word in kept:
        return kept[word]
    pieces, start = [], 0
    while start < len(word):
        prefix = "##" if start > 0 else ""
        end = len(word)
        while end > start and prefix + word[start:end] not in vocab:
            end -= 1
        if end == start:
            pieces = ["[UNK]"]
            break
        pieces.append(prefix + word[start:end])
        start = end
    kept[word] = pieces
    return pieces
