# approach: a list of the best so far, kept in order
def beam_step(beams, next_log_probs, num_beams):
    best = []
    for total, tokens in beams:
        log_probs = next_log_probs(tokens)
        for token in range(len(log_probs)):
            score = float(total + log_probs[token])
            place = sum(score < other for other, _ in best)
            best.insert(place, (score, [*tokens, token]))
            best = best[:num_beams]
    return best
