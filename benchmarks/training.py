"""Training steps of lmkit beside those of transformers' GPT-2, interleaved in one run.

    python -m benchmarks.training                      # small and mid
    python -m benchmarks.training --configs gpt2 --device cuda --rounds 20
    python -m benchmarks.training --write              # also into benchmarks/README.md

A step is forward, backward, clipping at 1.0, fused AdamW and ``loss.item()``; batches are random tokens on the device.
Each contender is a process of its own, as for its users: lmkit keeps the memory that a step frees, as its ``train``
does, and transformers leaves that to the system. All take one step in turn, so that what slows the machine down slows
all of them. Numbers are medians.

The ceiling is the time that the step's matrix products take by themselves, with the same shapes and number format:
of each linear layer one forward and two backward, and of attention six. A fraction of 100 % would mean that
everything else costs nothing.
"""

import argparse
from collections.abc import Callable
from statistics import median
from typing import Any

import torch
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel

from benchmarks.tables import header, line, write_rows
from benchmarks.timing import OwnProcess, require_quiet_machine, require_steady, times_as_fast, turns
from lmkit.data import Batch
from lmkit.models import GPT, GPTConfig
from lmkit.training import (
    fused_adamw,
    has_bf16_instructions,
    keep_freed_memory,
    machine_name,
    next_token_objective,
    pick_device,
    train_step,
)
from lmkit.training.chunked import ROWS_PER_CHUNK

CONFIGS = {
    "small": (GPTConfig(vocab_size=4096, context_length=128, d_model=128, num_layers=4, num_heads=4), 16),
    "mid": (GPTConfig(vocab_size=8192, context_length=256, d_model=384, num_layers=6, num_heads=6), 8),
    "gpt2": (GPTConfig(vocab_size=50304, context_length=1024, d_model=768, num_layers=12, num_heads=12), 8),
}
BATCH_SIZE_CUDA = 32
COLUMNS = (
    "machine",
    "configuration",
    "number format",
    "tokens/s",
    "transformers tokens/s",
    "times as fast",
    "middle half of the turns",
    "of the ceiling",
)


def lmkit_step(config: GPTConfig, batch: Batch, precision: str, backend: str | None) -> Callable[[], None]:
    """A step of lmkit; compiled unless the backend is ``None``."""
    device = batch.inputs.device
    model = GPT(config).to(device)
    optimizer = fused_adamw(model, 3e-4)
    objective = next_token_objective if backend is None else torch.compile(next_token_objective, backend=backend)
    return lambda: train_step(model, optimizer, batch, objective=objective, precision=precision)


def transformers_model(config: GPTConfig) -> GPT2LMHeadModel:
    """Transformers' GPT-2 of the same sizes."""
    sizes = GPT2Config(
        vocab_size=config.vocab_size,
        n_positions=config.context_length,
        n_embd=config.d_model,
        n_layer=config.num_layers,
        n_head=config.num_heads,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        attn_implementation="sdpa",
        use_cache=False,
    )
    return GPT2LMHeadModel(sizes).train()


def transformers_update(
    run: Callable[..., Any], optimizer: torch.optim.Optimizer, batch: Batch, *, bf16: bool = False
) -> float:
    """A step of the usual script: the model is called as ``run``, which may be compiled."""
    optimizer.zero_grad()
    with torch.autocast(batch.inputs.device.type, dtype=torch.bfloat16, enabled=bf16):
        logits = run(batch.inputs).logits
    loss = nn.functional.cross_entropy(logits.flatten(0, 1).float(), batch.targets.flatten())
    loss.backward()
    nn.utils.clip_grad_norm_([weight for group in optimizer.param_groups for weight in group["params"]], 1.0)
    optimizer.step()
    return loss.item()


def transformers_step(config: GPTConfig, batch: Batch, bf16: bool, backend: str | None) -> Callable[[], float]:
    """A step of transformers' GPT-2; compiled unless the backend is ``None``."""
    model = transformers_model(config).to(batch.inputs.device)
    run = model if backend is None else torch.compile(model, backend=backend)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4, fused=True)
    return lambda: transformers_update(run, optimizer, batch, bf16=bf16)


def matrix_products(config: GPTConfig, batch: Batch, dtype: torch.dtype) -> Callable[[], None]:
    """All matrix products of a step and nothing else."""
    device, (rows, length) = batch.inputs.device, batch.inputs.shape
    n, d = rows * length, config.d_model

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, device=device, dtype=dtype)

    shapes = [(d, 3 * d), (d, d), (d, 4 * d), (4 * d, d)]
    linear = [(normal(n, fan_in), normal(fan_out, fan_in), normal(n, fan_out)) for fan_in, fan_out in shapes]
    hidden, table = normal(n, d), normal(config.vocab_size, d)
    heads = normal(rows * config.num_heads, length, d // config.num_heads)
    weights = normal(rows * config.num_heads, length, length)

    def products() -> None:
        for _ in range(config.num_layers):
            for x, weight, grad in linear:
                x @ weight.T, grad @ weight, grad.T @ x
            for _ in range(3):
                heads @ heads.mT, weights @ heads
        for start in range(0, n, ROWS_PER_CHUNK[device.type]):
            part = hidden[start : start + ROWS_PER_CHUNK[device.type]]
            logits = part @ table.T
            logits @ table, logits.T @ part
        if device.type == "cuda":
            torch.cuda.synchronize()

    return products


def contender(who: str, config: GPTConfig, rows: int, device: torch.device, number: str) -> Callable[[], object]:
    """What takes a contender's turn, with a batch of its own.

    Args:
        who: "lmkit", "transformers", or "products" for the ceiling.
        config: The sizes.
        rows: Windows of a batch.
        device: Where it runs.
        number: "fp32", "bf16", or for lmkit "auto".

    Returns:
        A function that takes one step.
    """
    windows = torch.randint(config.vocab_size, (rows, config.context_length + 1), device=device)
    batch = Batch(inputs=windows[:, :-1].contiguous(), targets=windows[:, 1:].contiguous())
    backend = "inductor" if device.type == "cuda" else None
    if who == "lmkit":
        keep_freed_memory()
        return lmkit_step(config, batch, number, backend)
    if who == "transformers":
        return transformers_step(config, batch, number == "bf16", backend)
    return matrix_products(config, batch, torch.bfloat16 if number == "bf16" else torch.float32)


def measure(name: str, device: torch.device, rounds: int, *, steady: bool) -> list[tuple[str, ...]]:
    """The rows of a configuration; if they have to be steady, the program stops where they are not."""
    config, rows = CONFIGS[name]
    rows = BATCH_SIZE_CUDA if device.type == "cuda" else rows
    formats = ["fp32", "bf16"] if has_bf16_instructions(device) else ["fp32"]
    keys = [(who, number) for number in formats for who in ("lmkit", "transformers", "products")] + [("lmkit", "auto")]
    contenders = [OwnProcess(contender, who, config, rows, device, number) for who, number in keys]
    labels = [f"{who} {number}" for who, number in keys]
    times = dict(zip(labels, turns(*contenders, rounds=rounds, warm_up=3), strict=True))
    for each in contenders:
        each.end()
    tokens = rows * config.context_length
    formats_shown = [(number, number) for number in formats] + [("auto", formats[-1])]
    if steady:
        for ours, theirs in formats_shown:
            require_steady(times[f"lmkit {ours}"], times[f"transformers {theirs}"])
    speed = {label: tokens / median(seconds) for label, seconds in times.items()}
    return [
        (
            machine_name(device),
            name,
            ours,
            f"{speed[f'lmkit {ours}']:,.0f}",
            f"{speed[f'transformers {theirs}']:,.0f}",
            *times_as_fast(times[f"lmkit {ours}"], times[f"transformers {theirs}"]),
            f"{speed[f'lmkit {ours}'] / speed[f'products {theirs}']:.0%}",
        )
        for ours, theirs in formats_shown
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--configs", nargs="+", choices=CONFIGS, default=["small", "mid"])
    parser.add_argument("--device", default="auto")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--write", action="store_true", help="put the rows into benchmarks/README.md")
    arguments = parser.parse_args()
    if arguments.write:
        require_quiet_machine()
    device = pick_device(arguments.device)
    rows = [
        row for name in arguments.configs for row in measure(name, device, arguments.rounds, steady=arguments.write)
    ]
    print(header(COLUMNS) + "".join(map(line, rows)))
    if arguments.write:
        write_rows("training", COLUMNS, rows, num_keys=3)


if __name__ == "__main__":
    main()
