# misconception: -100 is as good as minus infinity
# message: there is a better one|the best has|not cut in the best way|a word of 200|is not in `log_probs`
def segment(word, log_probs):
    score, start_of = [0.0] + [-100.0] * len(word), [0] * (len(word) + 1)
    for end in range(1, len(word) + 1):
        for start in range(end):
            if word[start:end] in log_probs and score[start] + log_probs[word[start:end]] > score[end]:
                score[end], start_of[end] = score[start] + log_probs[word[start:end]], start
    pieces, end = [], len(word)
    while end > 0:
        pieces.append(word[start_of[end] : end])
        end = start_of[end]
    return pieces[::-1]
