# misconception: a word of more than 100 characters is unknown, as in BERT's program
# message: becomes \['\[UNK\]'\] instead of
def wordpiece(word, vocab):
    pieces, start = [], 0
    if len(word) > 100:
        return ["[UNK]"]
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
