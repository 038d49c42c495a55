# misconception: the beams can be sorted and shortened where they are
# message: your function changed the beams
def beam_step(beams, next_log_probs, num_beams):
    beams.sort(reverse=True)
    del beams[num_beams:]
    continued = [
        (total + log_prob, [*tokens, token])
        for total, tokens in beams
        for token, log_prob in enumerate(next_log_probs(tokens).tolist())
    ]
    return sorted(continued, reverse=True)[:num_beams]
