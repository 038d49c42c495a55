# misconception: a stop token of 0 means that there is none
# message: which has ended: 0 is the stop token
def beam_search(next_log_probs, num_beams, max_length, stop_token):
    beams, finished = [(0.0, [])], []
    for _ in range(max_length):
        continued = [
            (total + log_prob, [*tokens, token])
            for total, tokens in beams
            for token, log_prob in enumerate(next_log_probs(tokens).tolist())
        ]
        best = sorted(continued, reverse=True)[:num_beams]
        finished += [text for text in best if stop_token and text[1][-1] == stop_token]
        beams = [text for text in best if not stop_token or text[1][-1] != stop_token]
    return max(finished + beams, key=lambda text: text[0] / len(text[1]))[1]
