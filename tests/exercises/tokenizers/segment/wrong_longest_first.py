# misconception: the longest piece first is the best
# message: the longest first piece is not always part of the best
def segment(word, log_probs):
    pieces, start = [], 0
    while start < len(word):
        end = max(end for end in range(start + 1, len(word) + 1) if word[start:end] in log_probs)
        pieces.append(word[start:end])
        start = end
    return pieces
