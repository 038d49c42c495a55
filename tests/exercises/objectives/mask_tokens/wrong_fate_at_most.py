# misconception: 80 is among 80 of a hundred
# message: a chosen token with this fate is replaced
import torch


def mask_tokens(token_ids, may_be_chosen, draws, fates, random_ids, mask_id):
    chosen = may_be_chosen & (draws < 15)
    inputs = torch.where(chosen & (fates <= 80), mask_id, token_ids)
    inputs = torch.where(chosen & (fates > 80) & (fates <= 90), random_ids, inputs)
    return inputs, torch.where(chosen, token_ids, -100)
