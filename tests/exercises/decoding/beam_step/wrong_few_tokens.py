# misconception: no more than 50 tokens of each beam matter
# message: a total is|you keep
def beam_step(beams, next_log_probs, num_beams):
    continued = []
    for total, tokens in beams:
        for token, log_prob in list(enumerate(next_log_probs(tokens).tolist()))[:50]:
            continued.append((total + log_prob, [*tokens, token]))
    return sorted(continued, reverse=True)[:num_beams]
