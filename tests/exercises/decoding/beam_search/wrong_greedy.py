# misconception: the most probable token each time gives the most probable text
# message: with two beams you find the same text as with one
def beam_search(next_log_probs, num_beams, max_length, stop_token):
    tokens = []
    while len(tokens) < max_length and (not tokens or tokens[-1] != stop_token):
        tokens.append(int(next_log_probs(tokens).argmax()))
    return tokens
