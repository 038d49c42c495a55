# misconception: the order of the beams makes no difference
# message: the best comes first|and you keep
def beam_step(beams, next_log_probs, num_beams):
    continued = [
        (total + log_prob, [*tokens, token])
        for total, tokens in beams
        for token, log_prob in enumerate(next_log_probs(tokens).tolist())
    ]
    return sorted(continued)[-num_beams:]
