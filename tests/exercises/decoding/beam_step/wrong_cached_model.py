# misconception: a model's answer to a text can be kept
# message: a total is|you keep|does not have
kept = {}


def beam_step(beams, next_log_probs, num_beams):
    continued = [
        (total + log_prob, [*tokens, token])
        for total, tokens in beams
        for token, log_prob in enumerate(kept.setdefault(tuple(tokens), next_log_probs(tokens)).tolist())
    ]
    return sorted(continued, reverse=True)[:num_beams]
