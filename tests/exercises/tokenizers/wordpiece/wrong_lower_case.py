# misconception: BERT reads lower case, so the word is lowered
# message: instead of|letters are lost|does not spell
def wordpiece(word, vocab):
    pieces, start = [], 0
    word = word.lower()
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
