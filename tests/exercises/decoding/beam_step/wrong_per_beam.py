# misconception: each beam keeps its own best continuations
# message: choose among all continuations together
def beam_step(beams, next_log_probs, num_beams):
    kept = []
    for total, tokens in beams:
        best = next_log_probs(tokens).topk(min(num_beams, len(next_log_probs(tokens))))
        for log_prob, token in zip(best.values.tolist(), best.indices.tolist(), strict=True):
            kept.append((total + log_prob, [*tokens, token]))
    return sorted(kept, reverse=True)
