# misconception: probabilities can be computed by exponentials as they stand
# message: the right logit leads by
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    for _ in range(max_new_tokens):
        logits = model(token_ids[:, -context_length:])
        token_ids = torch.cat(
            [token_ids, (logits[:, -1].exp() / logits[:, -1].exp().sum(-1, keepdim=True)).argmax(-1, keepdim=True)],
            dim=1,
        )
    return token_ids
