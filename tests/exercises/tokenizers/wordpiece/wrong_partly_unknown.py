# misconception: only the rest is unknown
# message: is only a part of it unknown
def wordpiece(word, vocab):
    pieces, start = [], 0
    while start < len(word):
        end = len(word)
        while end > start and ("##" * (start > 0) + word[start:end]) not in vocab:
            end -= 1
        if end == start:
            return [*pieces, "[UNK]"]
        pieces.append("##" * (start > 0) + word[start:end])
        start = end
    return pieces
