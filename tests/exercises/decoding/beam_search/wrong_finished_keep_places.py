# misconception: a finished text keeps a place among the beams
# message: does a text that has ended take the place of a beam in later rounds
def beam_search(next_log_probs, num_beams, max_length, stop_token):
    beams = [(0.0, [])]
    for _ in range(max_length):
        continued = [text for text in beams if text[1][-1:] == [stop_token]]
        for total, tokens in beams:
            if tokens[-1:] != [stop_token]:
                for token, log_prob in enumerate(next_log_probs(tokens).tolist()):
                    continued.append((total + log_prob, [*tokens, token]))
        beams = sorted(continued, reverse=True)[:num_beams]
    return max(beams, key=lambda text: text[0] / len(text[1]))[1]
