# misconception: log-probabilities are multiplied
# message: and you keep|not the three with the largest totals
def beam_step(beams, next_log_probs, num_beams):
    continued = [
        (total * log_prob, [*tokens, token])
        for total, tokens in beams
        for token, log_prob in enumerate(next_log_probs(tokens).tolist())
    ]
    return sorted(continued, reverse=True)[:num_beams]
