# misconception: ids may be clipped where they are
# message: changed the token ids
import torch


def one_hot(token_ids, vocab_size):
    result = torch.eye(vocab_size)[token_ids]
    token_ids += 1
    return result
