# misconception: no sum is below -100 000
# message: a word of 200 pieces with the log-probability -1000 each|is not in
def segment(word, log_probs):
    score, start_of = [0.0] + [-1e5] * len(word), [0] * (len(word) + 1)
    for end in range(1, len(word) + 1):
        for start in range(end):
            if word[start:end] in log_probs and score[start] + log_probs[word[start:end]] > score[end]:
                score[end], start_of[end] = score[start] + log_probs[word[start:end]], start
    pieces, end = [], len(word)
    while end > 0:
        pieces.append(word[start_of[end] : end])
        end = start_of[end]
    return pieces[::-1]
