# approach: a tensor of all continuations and topk; finished texts kept as the best so far
import math

import torch


def beam_search(next_log_probs, num_beams, max_length, stop_token):
    texts, totals = [[]], torch.zeros(1)
    best_score, best_text = -math.inf, None
    for length in range(1, max_length + 1):
        log_probs = torch.stack([next_log_probs(text) for text in texts])
        all_totals = (totals.unsqueeze(1) + log_probs).flatten()
        values, indices = all_totals.topk(min(num_beams, len(all_totals)))
        longer, kept = [], []
        for value, index in zip(values.tolist(), indices.tolist(), strict=True):
            beam, token = divmod(index, log_probs.shape[1])
            text = [*texts[beam], token]
            if (token == stop_token or length == max_length) and value / length > best_score:
                best_score, best_text = value / length, text
            if token != stop_token:
                longer.append(text)
                kept.append(value)
        if not longer:
            break
        texts, totals = longer, torch.tensor(kept)
    return best_text
