"""Validation loss against seconds of training: lmkit beside a script with transformers' GPT-2.

    python -m benchmarks.loss_curve                    # the documentation of Python, 500 steps, about 4 minutes
    python -m benchmarks.loss_curve --num-steps 200
    python -m benchmarks.loss_curve --write            # also into benchmarks/README.md

Both train on the same batches of the same tokens with the same sizes, learning rates and AdamW, each from its own
library's initial weights. They take each step in turn, so that what slows the machine down slows both. Only the
seconds of a contender's own steps count; those of validation do not.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.tables import header, line, write_rows
from benchmarks.timing import require_quiet_machine
from benchmarks.training import CONFIGS, transformers_model, transformers_update
from lmkit.data import END_OF_TEXT, Batch, encode_corpus, load_documents, next_token_batches, split_documents
from lmkit.models import GPT, GPTConfig
from lmkit.tokenizers import train_bpe
from lmkit.training import fused_adamw, machine_name, train_step

Curve = list[tuple[float, float]]
"""Seconds of training so far, and nats per token of the validation text."""

LEARNING_RATE, WARMUP_STEPS = 1e-3, 20
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
COLUMNS = ("machine", "corpus", "of the time", "seconds", "lmkit, nats", "transformers, nats")


def curves(
    config: GPTConfig, batches: Sequence[Batch], validation: Sequence[Batch], *, steps_between: int
) -> dict[str, Curve]:
    """Train both and validate them now and then.

    Args:
        config: The sizes.
        batches: One for each step.
        validation: Other batches.
        steps_between: How many steps there are between validations.

    Returns:
        The curve of each.
    """
    ours, theirs = GPT(config), transformers_model(config)
    our_optimizer = fused_adamw(ours, LEARNING_RATE)
    their_optimizer = torch.optim.AdamW(
        theirs.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.95), weight_decay=0.1, fused=True
    )

    def our_step(batch: Batch, learning_rate: float) -> None:
        train_step(ours, our_optimizer, batch, learning_rate=learning_rate, precision="fp32")

    def their_step(batch: Batch, learning_rate: float) -> None:
        for group in their_optimizer.param_groups:
            group["lr"] = learning_rate
        transformers_update(theirs, their_optimizer, batch)

    contenders: dict[str, tuple[Callable[[Batch, float], None], Callable[[Tensor], Tensor]]] = {
        "lmkit": (our_step, ours),
        "transformers": (their_step, lambda token_ids: theirs(token_ids).logits),
    }
    seconds = dict.fromkeys(contenders, 0.0)
    found: dict[str, Curve] = {
        name: [(0.0, mean_loss(predict, validation))] for name, (_, predict) in contenders.items()
    }
    for count, batch in enumerate(batches, start=1):
        for name, (step, predict) in contenders.items():
            start = time.perf_counter()
            step(batch, LEARNING_RATE * min(1.0, count / WARMUP_STEPS))
            seconds[name] += time.perf_counter() - start
            if count % steps_between == 0:
                found[name].append((seconds[name], mean_loss(predict, validation)))
    return found


@torch.no_grad()
def mean_loss(predict: Callable[[Tensor], Tensor], batches: Sequence[Batch]) -> float:
    """Nats per token."""
    losses = [nn.functional.cross_entropy(predict(batch.inputs).mT, batch.targets).item() for batch in batches]
    return sum(losses) / len(losses)


def at_equal_times(found: dict[str, Curve]) -> list[tuple[float, ...]]:
    """Seconds, and the loss of each at that time, read off between two validations, until the faster one ends."""
    together = min(curve[-1][0] for curve in found.values())
    times = [share * together for share in SHARES]
    losses = [np.interp(times, *zip(*curve, strict=True)) for curve in found.values()]
    return [(time, *map(float, at_time)) for time, *at_time in zip(times, *losses, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", default="pydocs")
    parser.add_argument("--num-steps", type=int, default=500)
    parser.add_argument("--write", action="store_true", help="put the rows into benchmarks/README.md")
    arguments = parser.parse_args()
    if arguments.write:
        require_quiet_machine()

    config, batch_size = CONFIGS["small"]
    split = split_documents(load_documents(arguments.corpus), validation=0.1, test=0.0)
    tokenizer = train_bpe(split.train, config.vocab_size, [END_OF_TEXT], progress=False)
    learned, held_out = (encode_corpus(tokenizer, documents) for documents in (split.train, split.validation))
    batches = next_token_batches(
        learned,
        batch_size=batch_size,
        context_length=config.context_length,
        generator=torch.Generator().manual_seed(0),
        random_windows=True,
        num_epochs=None,
    )
    validation = next_token_batches(held_out, batch_size=batch_size, context_length=config.context_length)
    found = curves(
        config,
        list(islice(batches, arguments.num_steps)),
        list(islice(validation, 4)),
        steps_between=max(1, arguments.num_steps // 20),
    )
    machine = machine_name(torch.device("cpu"))
    rows = [
        (machine, arguments.corpus, f"{share:.0%}", f"{seconds:.0f}", *(f"{loss:.3f}" for loss in losses))
        for share, (seconds, *losses) in zip(SHARES, at_equal_times(found), strict=True)
    ]
    print(header(COLUMNS) + "".join(map(line, rows)))
    if arguments.write:
        write_rows("loss curve", COLUMNS, rows, num_keys=3)


if __name__ == "__main__":
    main()
