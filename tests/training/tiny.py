"""A GPT of a few thousand weights and a text with something to learn."""

import torch

from lmkit.data import next_token_batches
from lmkit.models import GPT, GPTConfig

VOCAB_SIZE, CONTEXT_LENGTH = 23, 8


def tiny_gpt(dropout=0.0, dtype=torch.float64):
    config = GPTConfig(
        vocab_size=VOCAB_SIZE, context_length=CONTEXT_LENGTH, d_model=12, num_layers=2, num_heads=2, dropout=dropout
    )
    return GPT(config, seed=0).to(dtype)


def token_stream():
    """Each token is the sum of the two before it, now and then one more."""
    noise = torch.rand(600, generator=torch.Generator().manual_seed(0)) < 0.1
    tokens = [1, 1]
    for is_noise in noise.tolist():
        tokens.append((tokens[-1] + tokens[-2] + is_noise) % VOCAB_SIZE)
    return torch.tensor(tokens)


def batches(batch_size=4, **reading):
    return next_token_batches(
        token_stream(),
        batch_size=batch_size,
        context_length=CONTEXT_LENGTH,
        generator=torch.Generator().manual_seed(7),
        **{"num_epochs": None, **reading},
    )
