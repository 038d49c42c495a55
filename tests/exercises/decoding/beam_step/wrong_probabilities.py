# misconception: probabilities can be multiplied
# message: a total is|math domain|does not have the total|you keep
import math


def beam_step(beams, next_log_probs, num_beams):
    continued = [
        (math.exp(total) * math.exp(log_prob), [*tokens, token])
        for total, tokens in beams
        for token, log_prob in enumerate(next_log_probs(tokens).tolist())
    ]
    best = sorted(continued, reverse=True)[:num_beams]
    return [(math.log(probability) if probability else -math.inf, tokens) for probability, tokens in best]
