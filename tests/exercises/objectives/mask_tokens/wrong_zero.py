# misconception: id 0 is padding
# message: 0 and the mask token's own id are tokens
import torch


def mask_tokens(token_ids, may_be_chosen, draws, fates, random_ids, mask_id):
    chosen = may_be_chosen & (draws < 15) & (token_ids != 0)
    inputs = torch.where(chosen & (fates < 80), mask_id, token_ids)
    inputs = torch.where(chosen & (fates >= 80) & (fates < 90), random_ids, inputs)
    return inputs, torch.where(chosen, token_ids, -100)
