# approach: heapq.nlargest over a generator
import heapq


def beam_search(next_log_probs, num_beams, max_length, stop_token):
    def mean(item):
        return item[0] / len(item[1])

    beams, done, rounds = [(0.0, ())], [], 0
    while beams and rounds < max_length:
        options = (
            (score + float(log_prob), (*text, token))
            for score, text in beams
            for token, log_prob in enumerate(next_log_probs(list(text)))
        )
        best = heapq.nlargest(num_beams, options)
        done.extend(item for item in best if item[1][-1] == stop_token)
        beams = [item for item in best if item[1][-1] != stop_token]
        rounds += 1
    return max(done + beams, key=mean)[1]
