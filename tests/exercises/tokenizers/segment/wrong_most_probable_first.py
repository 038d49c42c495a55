# misconception: the most probable piece first is the best
# message: the most probable piece is not always part of the best
def segment(word, log_probs):
    pieces, start = [], 0
    while start < len(word):
        options = [word[start:end] for end in range(start + 1, len(word) + 1) if word[start:end] in log_probs]
        pieces.append(max(options, key=log_probs.get))
        start += len(pieces[-1])
    return pieces
