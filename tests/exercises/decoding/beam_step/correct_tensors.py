# approach: one tensor of all totals, and topk
import torch


def beam_step(beams, next_log_probs, num_beams):
    totals = torch.stack([total + next_log_probs(tokens).double() for total, tokens in beams])
    best = totals.flatten().topk(min(num_beams, totals.numel()))
    places = [divmod(index, totals.shape[1]) for index in best.indices.tolist()]
    return [(total, (*beams[b][1], token)) for total, (b, token) in zip(best.values.tolist(), places, strict=True)]
