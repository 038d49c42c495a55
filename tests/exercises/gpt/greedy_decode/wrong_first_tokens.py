# misconception: the first tokens are kept when the text is too long
# message: was not given|the model was never given more than the beginning
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    for _ in range(max_new_tokens):
        logits = model(token_ids[:, :context_length])
        token_ids = torch.cat([token_ids, logits[:, -1].argmax(-1, keepdim=True)], dim=1)
    return token_ids
