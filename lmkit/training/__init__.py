"""Training: losses, optimisers, schedules, the step and the loop, checkpoints, multiple devices."""

from lmkit.training.activation_checkpointing import checkpoint_activations
from lmkit.training.checkpoint import (
    Checkpoint,
    DamagedCheckpointError,
    best_checkpoint,
    load_checkpoint,
    newest_checkpoint,
    save_checkpoint,
)
from lmkit.training.chunked import linear_cross_entropy
from lmkit.training.distributed import Strategy, distribute, machine_name, pick_device, process_group, rank, world_size
from lmkit.training.history import History
from lmkit.training.loop import DivergenceError, TrainingConfig, train
from lmkit.training.losses import (
    add_penalty_gradients,
    masked_loss,
    next_token_loss,
    permutation_loss,
    sentence_pair_loss,
    sequence_to_sequence_loss,
)
from lmkit.training.memory import keep_freed_memory
from lmkit.training.muon import Muon, orthogonalize
from lmkit.training.objectives import (
    Objective,
    masked_objective,
    next_token_objective,
    permutation_objective,
    sentence_pair_objective,
    sequence_to_sequence_objective,
)
from lmkit.training.optimizers import SGD, AdamW, clip_gradients, decay_groups, fused_adamw
from lmkit.training.precision import Precision, autocast, gains_from_bf16, has_bf16_instructions
from lmkit.training.schedules import Schedule, constant, inverse_square_root, restarts, warmup_cosine
from lmkit.training.step import StepResult, evaluate_loss, train_step

__all__ = [
    "SGD",
    "AdamW",
    "Checkpoint",
    "DamagedCheckpointError",
    "DivergenceError",
    "History",
    "Muon",
    "Objective",
    "Precision",
    "Schedule",
    "StepResult",
    "Strategy",
    "TrainingConfig",
    "add_penalty_gradients",
    "autocast",
    "best_checkpoint",
    "checkpoint_activations",
    "clip_gradients",
    "constant",
    "decay_groups",
    "distribute",
    "evaluate_loss",
    "fused_adamw",
    "gains_from_bf16",
    "has_bf16_instructions",
    "inverse_square_root",
    "keep_freed_memory",
    "linear_cross_entropy",
    "load_checkpoint",
    "machine_name",
    "masked_loss",
    "masked_objective",
    "newest_checkpoint",
    "next_token_loss",
    "next_token_objective",
    "orthogonalize",
    "permutation_loss",
    "permutation_objective",
    "pick_device",
    "process_group",
    "rank",
    "restarts",
    "save_checkpoint",
    "sentence_pair_loss",
    "sentence_pair_objective",
    "sequence_to_sequence_loss",
    "sequence_to_sequence_objective",
    "train",
    "train_step",
    "warmup_cosine",
    "world_size",
]
