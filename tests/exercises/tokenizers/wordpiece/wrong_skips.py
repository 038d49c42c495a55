# misconception: a character that fits nowhere is left out
# message: letters are lost|becomes an empty list
def wordpiece(word, vocab):
    pieces, start = [], 0
    while start < len(word):
        end = len(word)
        while end > start and ("##" * bool(pieces) + word[start:end]) not in vocab:
            end -= 1
        if end > start:
            pieces.append("##" * bool(pieces) + word[start:end])
        start = max(end, start + 1)
    return pieces
