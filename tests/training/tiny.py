"""A GPT of a few thousand weights and a text with something to learn."""

from dataclasses import replace

import torch

from lmkit.data import next_token_batches
from lmkit.functional import IGNORE_ID
from lmkit.models import GPT, GPTConfig

VOCAB_SIZE, CONTEXT_LENGTH = 23, 8


def tiny_gpt(dropout=0.0, dtype=torch.float64):
    config = GPTConfig(
        vocab_size=VOCAB_SIZE, context_length=CONTEXT_LENGTH, d_model=12, num_layers=2, num_heads=2, dropout=dropout
    )
    return GPT(config, seed=0).to(dtype)


def token_stream():
    """Each token is twice the one before it, now and then one more."""
    noise = torch.rand(600, generator=torch.Generator().manual_seed(0)) < 0.2
    tokens = [1]
    for is_noise in noise.tolist():
        tokens.append((2 * tokens[-1] + is_noise) % VOCAB_SIZE)
    return torch.tensor(tokens)


def batches(batch_size=4, **reading):
    return next_token_batches(
        token_stream(),
        batch_size=batch_size,
        context_length=CONTEXT_LENGTH,
        generator=torch.Generator().manual_seed(7),
        **{"num_epochs": None, **reading},
    )


class Holed:
    """Batches in which some targets are not scored, more in some rows than in others."""

    def __init__(self, source):
        self.source = source
        self.state_dict, self.load_state_dict = source.state_dict, source.load_state_dict

    def __iter__(self):
        return self

    def __next__(self):
        batch = next(self.source)
        return replace(batch, targets=batch.targets.where(batch.inputs % 5 > batch.inputs[:, :1] % 5, IGNORE_ID))
