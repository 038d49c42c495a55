# approach: names from torch, all of them
from torch import *  # noqa: F403


def repetition_penalty(logits, token_ids, penalty):
    seen = zeros(len(logits), dtype=bool)  # noqa: F405
    seen[token_ids] = True
    return where(seen & (logits > 0), logits / penalty, where(seen, logits * penalty, logits))  # noqa: F405
