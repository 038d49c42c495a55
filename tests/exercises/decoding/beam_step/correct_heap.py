# approach: heapq.nlargest; the model is called with the name of its argument
from heapq import nlargest


def beam_step(beams, next_log_probs, num_beams):
    def continuations():
        for total, tokens in beams:
            for token, log_prob in enumerate(next_log_probs(tokens=tokens)):
                yield total + log_prob.item(), [*tokens, token]

    return nlargest(num_beams, continuations())
