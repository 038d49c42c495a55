# misconception: a piece has at most 10 characters
# message: the best has|a word of 200 characters that is a piece
def segment(word, log_probs):
    score, start_of = [0.0] + [-float("inf")] * len(word), [0] * (len(word) + 1)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 10), end):
            if word[start:end] in log_probs and score[start] + log_probs[word[start:end]] > score[end]:
                score[end], start_of[end] = score[start] + log_probs[word[start:end]], start
    pieces, end = [], len(word)
    while end > 0:
        pieces.append(word[start_of[end] : end])
        end = start_of[end]
    return pieces[::-1]
