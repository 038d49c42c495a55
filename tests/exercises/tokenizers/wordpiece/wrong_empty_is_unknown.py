# misconception: the empty word is unknown
# message: '' becomes \['\[UNK\]'\]
def wordpiece(word, vocab):
    pieces, start = [], 0
    while start < len(word):
        prefix = "##" if start else ""
        fitting = [end for end in range(start + 1, len(word) + 1) if prefix + word[start:end] in vocab]
        if not fitting:
            return ["[UNK]"]
        pieces.append(prefix + word[start : fitting[-1]])
        start = fitting[-1]
    return pieces or ["[UNK]"]
