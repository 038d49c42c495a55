# misconception: a text goes on after the stop token
# message: which has ended: 0 is the stop token
def beam_search(next_log_probs, num_beams, max_length, stop_token):
    beams = [(0.0, [])]
    for _ in range(max_length):
        continued = [
            (total + log_prob, [*tokens, token])
            for total, tokens in beams
            for token, log_prob in enumerate(next_log_probs(tokens).tolist())
        ]
        beams = sorted(continued, reverse=True)[:num_beams]
    return beams[0][1]
