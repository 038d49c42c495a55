# misconception: the next token depends on the last one alone
# message: which is not what the model expects most|is each token chosen after all before it
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    for _ in range(max_new_tokens):
        token_ids = torch.cat([token_ids, model(token_ids[:, -1:])[:, -1].argmax(-1, keepdim=True)], dim=1)
    return token_ids
