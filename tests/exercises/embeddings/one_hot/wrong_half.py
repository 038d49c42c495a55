# misconception: 0 and 1 are exact in half precision, so this saves memory
# message: holds torch.float16 numbers
import torch.nn.functional as F


def one_hot(token_ids, vocab_size):
    return F.one_hot(token_ids, vocab_size).half()
