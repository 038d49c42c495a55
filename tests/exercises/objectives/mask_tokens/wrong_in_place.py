# misconception: tokens may be hidden where they are
# message: your function changed the tensor `token_ids`
import torch


def mask_tokens(token_ids, may_be_chosen, draws, fates, random_ids, mask_id):
    chosen = may_be_chosen & (draws < 15)
    targets = torch.where(chosen, token_ids, -100)
    token_ids[chosen & (fates < 80)] = mask_id
    swapped = chosen & (fates >= 80) & (fates < 90)
    token_ids[swapped] = random_ids[swapped]
    return token_ids, targets
