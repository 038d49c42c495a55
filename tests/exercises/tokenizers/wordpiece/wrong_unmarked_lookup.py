# misconception: a piece fits whether it is marked or not, and is marked afterwards
# message: are not in the vocabulary|letters are lost|becomes .*, which is wrong|a longer piece fits
def wordpiece(word, vocab):
    pieces, start = [], 0
    while start < len(word):
        end = len(word)
        while end > start and word[start:end] not in vocab and "##" + word[start:end] not in vocab:
            end -= 1
        if end == start:
            return ["[UNK]"]
        pieces.append("##" * (start > 0) + word[start:end])
        start = end
    return pieces
