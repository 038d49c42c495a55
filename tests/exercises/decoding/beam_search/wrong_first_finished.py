# misconception: the first text that ends is the result
# message: or do you stop at the first text that ends
def beam_search(next_log_probs, num_beams, max_length, stop_token):
    beams = [(0.0, [])]
    for _ in range(max_length):
        continued = [
            (total + log_prob, [*tokens, token])
            for total, tokens in beams
            for token, log_prob in enumerate(next_log_probs(tokens).tolist())
        ]
        beams = sorted(continued, reverse=True)[:num_beams]
        for _total, tokens in beams:
            if tokens[-1] == stop_token:
                return tokens
    return beams[0][1]
