# misconception: exactly 15 % of each row are chosen
# message: the draw is not less than 15|a chosen token|may_be_chosen is false
import torch


def mask_tokens(token_ids, may_be_chosen, draws, fates, random_ids, mask_id):
    chosen = torch.zeros_like(may_be_chosen)
    count = max(1, round(0.15 * token_ids.shape[1]))
    chosen.scatter_(1, draws.argsort(1)[:, :count], True)
    chosen &= may_be_chosen
    inputs = torch.where(chosen & (fates < 80), mask_id, token_ids)
    inputs = torch.where(chosen & (fates >= 80) & (fates < 90), random_ids, inputs)
    return inputs, torch.where(chosen, token_ids, -100)
