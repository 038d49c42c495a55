# misconception: the texts alone are the result
# message: not a tuple \(total, tokens\)
def beam_step(beams, next_log_probs, num_beams):
    continued = [
        (total + log_prob, [*tokens, token])
        for total, tokens in beams
        for token, log_prob in enumerate(next_log_probs(tokens).tolist())
    ]
    return [tokens for _, tokens in sorted(continued, reverse=True)[:num_beams]]
