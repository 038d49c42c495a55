# misconception: each beam keeps its own num_beams best continuations
# message: are the best chosen among the continuations of all beams together
def beam_search(next_log_probs, num_beams, max_length, stop_token):
    beams, finished = [(0.0, [])], []
    for _ in range(max_length):
        longer = []
        for total, tokens in beams:
            best = next_log_probs(tokens).topk(min(num_beams, len(next_log_probs(tokens))))
            for log_prob, token in zip(best.values.tolist(), best.indices.tolist(), strict=True):
                (finished if token == stop_token else longer).append((total + log_prob, [*tokens, token]))
        beams = longer
    return max(finished + beams, key=lambda text: text[0] / len(text[1]))[1]
