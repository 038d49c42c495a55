# misconception: the mask token in the text is special
# message: the mask token's own id are tokens like any other|own id
import torch


def mask_tokens(token_ids, may_be_chosen, draws, fates, random_ids, mask_id):
    chosen = may_be_chosen & (draws < 15) & (token_ids != mask_id)
    inputs = torch.where(chosen & (fates < 80), mask_id, token_ids)
    inputs = torch.where(chosen & (fates >= 80) & (fates < 90), random_ids, inputs)
    return inputs, torch.where(chosen, token_ids, -100)
