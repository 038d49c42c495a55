# misconception: a random token must differ from the one that was there
# message: or the token that was there
import torch


def mask_tokens(token_ids, may_be_chosen, draws, fates, random_ids, mask_id):
    chosen = may_be_chosen & (draws < 15)
    inputs = torch.where(chosen & (fates < 80), mask_id, token_ids)
    others = torch.where(random_ids == token_ids, random_ids + 1, random_ids)
    inputs = torch.where(chosen & (fates >= 80) & (fates < 90), others, inputs)
    return inputs, torch.where(chosen, token_ids, -100)
