# misconception: the token can be appended to the beam's own list
# message: your function changed the beams|the tokens after|which is not the text of a beam|and you keep
def beam_step(beams, next_log_probs, num_beams):
    continued = []
    for total, tokens in beams:
        for token, log_prob in enumerate(next_log_probs(tokens).tolist()):
            tokens.append(token)
            continued.append((total + log_prob, tokens))
    return sorted(continued, reverse=True)[:num_beams]
