# approach: the model is called with the name of its argument; all totals of a round sorted as one tensor
import math

import torch


def beam_search(next_log_probs, num_beams, max_length, stop_token):
    beams, best = [(0.0, [])], (-math.inf, [])
    for length in range(1, max_length + 1):
        if not beams:
            break
        rows = torch.stack([total + next_log_probs(tokens=text).double() for total, text in beams])
        totals, indices = torch.sort(rows.flatten(), descending=True)
        kept = []
        for total, index in zip(totals[:num_beams].tolist(), indices[:num_beams].tolist(), strict=True):
            text = [*beams[index // rows.shape[1]][1], index % rows.shape[1]]
            if text[-1] == stop_token or length == max_length:
                best = max(best, (total / length, text))
            if text[-1] != stop_token:
                kept.append((total, text))
        beams = kept
    return best[1]
