# misconception: 15 is among 15 of a hundred
# message: the draw is not less than 15
import torch


def mask_tokens(token_ids, may_be_chosen, draws, fates, random_ids, mask_id):
    chosen = may_be_chosen & (draws <= 15)
    inputs = torch.where(chosen & (fates < 80), mask_id, token_ids)
    inputs = torch.where(chosen & (fates >= 80) & (fates < 90), random_ids, inputs)
    return inputs, torch.where(chosen, token_ids, -100)
