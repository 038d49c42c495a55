# misconception: every chosen token is masked
# message: a chosen token with this fate is replaced
import torch


def mask_tokens(token_ids, may_be_chosen, draws, fates, random_ids, mask_id):
    chosen = may_be_chosen & (draws < 15)
    return torch.where(chosen, mask_id, token_ids), torch.where(chosen, token_ids, -100)
