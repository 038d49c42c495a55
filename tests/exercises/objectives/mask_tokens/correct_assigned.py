# approach: copies, and assignments under masks
import torch


def mask_tokens(token_ids, may_be_chosen, draws, fates, random_ids, mask_id):
    chosen = torch.logical_and(may_be_chosen, draws < 15)
    inputs, targets = token_ids.clone(), torch.full_like(token_ids, -100)
    targets[chosen] = token_ids[chosen]
    inputs[chosen & (fates < 80)] = mask_id
    swapped = chosen & (fates // 10 == 8)
    inputs[swapped] = random_ids[swapped]
    return inputs, targets
