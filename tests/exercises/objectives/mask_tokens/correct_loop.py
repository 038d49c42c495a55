# approach: a loop over positions
import torch


def mask_tokens(token_ids, may_be_chosen, draws, fates, random_ids, mask_id):
    inputs, targets = token_ids.tolist(), token_ids.tolist()
    draws, fates, others, may = draws.tolist(), fates.tolist(), random_ids.tolist(), may_be_chosen.tolist()
    for b, row in enumerate(inputs):
        for t in range(len(row)):
            if not may[b][t] or draws[b][t] >= 15:
                targets[b][t] = -100
            elif fates[b][t] < 80:
                row[t] = mask_id
            elif fates[b][t] < 90:
                row[t] = others[b][t]
    return torch.tensor(inputs), torch.tensor(targets)
