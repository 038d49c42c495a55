# misconception: totals that are nearly equal are equal
# message: is not the text found
def beam_search(next_log_probs, num_beams, max_length, stop_token):
    beams, finished = [(0.0, [])], []
    for _ in range(max_length):
        continued = [
            (round(total + log_prob, 1), [*tokens, token])
            for total, tokens in beams
            for token, log_prob in enumerate(next_log_probs(tokens).tolist())
        ]
        best = sorted(continued, reverse=True)[:num_beams]
        finished += [text for text in best if text[1][-1] == stop_token]
        beams = [text for text in best if text[1][-1] != stop_token]
    return max(finished + beams, key=lambda text: text[0] / len(text[1]))[1]
