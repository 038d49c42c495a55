# approach: where in where
import torch


def mask_tokens(token_ids, may_be_chosen, draws, fates, random_ids, mask_id):
    fate = torch.where(fates < 80, mask_id, torch.where(fates < 90, random_ids, token_ids))
    chosen = may_be_chosen * (draws < 15)
    return torch.where(chosen, fate, token_ids), torch.where(chosen, token_ids, -100)
