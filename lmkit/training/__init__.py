"""Training: losses, optimisers, schedules, the step and the loop, checkpoints, several devices."""

from lmkit.training.chunked import linear_cross_entropy
from lmkit.training.losses import (
    add_penalty_gradients,
    masked_loss,
    next_token_loss,
    permutation_loss,
    sentence_pair_loss,
    sequence_to_sequence_loss,
)
from lmkit.training.optimizers import SGD, AdamW, decay_groups, fused_adamw
from lmkit.training.precision import Precision, autocast, has_bf16_instructions
from lmkit.training.schedules import Schedule, constant, inverse_square_root, warmup_cosine

__all__ = [
    "SGD",
    "AdamW",
    "Precision",
    "Schedule",
    "add_penalty_gradients",
    "autocast",
    "constant",
    "decay_groups",
    "fused_adamw",
    "has_bf16_instructions",
    "inverse_square_root",
    "linear_cross_entropy",
    "masked_loss",
    "next_token_loss",
    "permutation_loss",
    "sentence_pair_loss",
    "sequence_to_sequence_loss",
    "warmup_cosine",
]
