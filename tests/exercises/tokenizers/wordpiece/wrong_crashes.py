# misconception: some piece always fits
# message: ValueError: .*: what if no piece fits
def wordpiece(word, vocab):
    pieces, start = [], 0
    while start < len(word):
        prefix = "##" if start else ""
        end = max(end for end in range(start + 1, len(word) + 1) if prefix + word[start:end] in vocab)
        pieces.append(prefix + word[start:end])
        start = end
    return pieces
