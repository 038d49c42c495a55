"""One run of training, alone or under ``torchrun``: ``any_ranks.py FOLDER STRATEGY ...`` trains in FOLDER/STRATEGY."""

import sys
from pathlib import Path

import torch
from torch.distributed.fsdp import FSDPModule

from lmkit.data import Masking, sentence_pair_batches
from lmkit.models import BERT, BERTConfig
from lmkit.training import (
    TrainingConfig,
    constant,
    distribute,
    fused_adamw,
    masked_objective,
    next_token_objective,
    pick_device,
    process_group,
    rank,
    sentence_pair_objective,
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


def run_bert(folder, name, strategy="ddp", **options):
    """Train a BERT on masked tokens alone, so that one head is unused, or on pairs too."""
    stream = torch.randint(4, 23, (400,), generator=torch.Generator().manual_seed(0)).tolist()
    documents = [[stream[i + j : i + j + 3 + j] for j in range(3)] for i in range(0, 380, 6)]
    objective = {"masked": masked_objective, "pairs": sentence_pair_objective}[name]
    model = BERT(BERTConfig(vocab_size=23, context_length=12, d_model=12, num_layers=2, num_heads=2)).double()
    own = sentence_pair_batches(
        documents,
        batch_size=ROWS // world_size(),
        context_length=12,
        cls_id=1,
        sep_id=2,
        pad_id=3,
        masking=Masking(mask_id=0, vocab_size=23, special_ids=(1, 2, 3)),
        generator=torch.Generator().manual_seed(0),
        num_epochs=None,
        rank=rank(),
        world_size=world_size(),
    )
    objective = distribute(model, objective, strategy)
    if strategy == "fsdp" and world_size() > 1:
        assert all(isinstance(block, FSDPModule) for block in model.layers)  # each is gathered when it is its turn
    return train(
        model,
        fused_adamw(model, 0.0),
        own,
        constant(0.01),
        TrainingConfig(num_steps=NUM_STEPS, **options),
        objective=objective,
        checkpoint_folder=folder,
        progress=False,
    )


if __name__ == "__main__":
    torch.set_num_threads(1)
    device = pick_device("cpu")
    with process_group(device):
        assert world_size() == 2
        for place in sys.argv[2:]:
            folder, (strategy, *rest) = Path(sys.argv[1]) / place, place.split("-")
            if rest in (["masked"], ["pairs"]):
                run_bert(folder, rest[0], strategy, num_micro_batches=2)
            else:
                run(folder, strategy, num_micro_batches=2)
