# misconception: one cut is enough
# message: is every cut between two pieces tried|do not spell
def segment(word, log_probs):
    options = [[word[:cut], word[cut:]] for cut in range(1, len(word))] + [[word]]
    options = [pieces for pieces in options if all(piece in log_probs for piece in pieces)]
    return max(options, key=lambda pieces: sum(log_probs[piece] for piece in pieces), default=list(word))
