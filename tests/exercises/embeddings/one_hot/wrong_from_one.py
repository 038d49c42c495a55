# misconception: the first token has the number 1
# message: has its 1 at position|where is its 1
import torch


def one_hot(token_ids, vocab_size):
    return (token_ids.unsqueeze(-1) == torch.arange(1, vocab_size + 1)).float()
