"""One run of training, alone or under ``torchrun``: ``any_ranks.py FOLDER STRATEGY ...`` trains in FOLDER/STRATEGY."""

import sys
from pathlib import Path

import torch

from lmkit.training import (
    TrainingConfig,
    distribute,
    fused_adamw,
    next_token_objective,
    pick_device,
    process_group,
    rank,
    train,
    warmup_cosine,
    world_size,
)
from tests.training.tiny import Holed, batches, tiny_gpt

NUM_STEPS, ROWS = 6, 8


def run(folder, strategy="ddp", **options):
    """Train for six steps of eight rows, which the ranks share, from the newest checkpoint in the folder."""

    def own_part(rows):
        return Holed(batches(batch_size=rows // world_size(), rank=rank(), world_size=world_size()))

    model = tiny_gpt()
    objective = distribute(model, next_token_objective, strategy)
    return train(
        model,
        fused_adamw(model, 0.0),
        own_part(ROWS),
        warmup_cosine(0.02, num_steps=NUM_STEPS, warmup_steps=2),
        TrainingConfig(num_steps=NUM_STEPS, checkpoint_every=3, evaluate_every=3, **options),
        objective=objective,
        validation_batches=[next(own_part(16))],
        checkpoint_folder=folder,
        progress=False,
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    device = pick_device("cpu")
    with process_group(device):
        assert world_size() == 2
        for place in sys.argv[2:]:
            run(Path(sys.argv[1]) / place, place.split("-")[0], num_micro_batches=2)
