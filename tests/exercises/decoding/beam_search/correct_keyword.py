# approach: the model is called with the name of its argument; names from torch and math, all of them
from math import *  # noqa: F403

from torch import *  # noqa: F403


def beam_search(next_log_probs, num_beams, max_length, stop_token):
    beams, best = [(0.0, [])], (-inf, [])  # noqa: F405
    for length in range(1, max_length + 1):
        if not beams:
            break
        rows = stack([total + next_log_probs(tokens=text).double() for total, text in beams])  # noqa: F405
        totals, indices = sort(rows.flatten(), descending=True)  # noqa: F405
        kept = []
        for total, index in zip(totals[:num_beams].tolist(), indices[:num_beams].tolist(), strict=True):
            text = beams[index // rows.shape[1]][1] + [index % rows.shape[1]]
            if text[-1] == stop_token or length == max_length:
                best = (total / length, text) if total / length > best[0] else best
            if text[-1] != stop_token:
                kept.append((total, text))
        beams = kept
    return best[1]
