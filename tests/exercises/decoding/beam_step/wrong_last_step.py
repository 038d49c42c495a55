# misconception: the new token's log-probability ranks the texts
# message: does the total hold all tokens of the text
def beam_step(beams, next_log_probs, num_beams):
    continued = [
        (log_prob, [*tokens, token])
        for total, tokens in beams
        for token, log_prob in enumerate(next_log_probs(tokens).tolist())
    ]
    return sorted(continued, reverse=True)[:num_beams]
