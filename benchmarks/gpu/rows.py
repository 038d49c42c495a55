"""How fast GPT-2 with 124 million parameters trains and writes, and where the time goes."""

import time

import torch
from torch.profiler import ProfilerActivity, profile

from benchmarks.decoding import pair
from benchmarks.gpu.checks import random_batch, random_ids, synchronize
from benchmarks.gpu.findings import Findings
from benchmarks.gpu.sizes import Sizes
from benchmarks.timing import medians
from benchmarks.training import lmkit_step, matrix_products, transformers_step
from lmkit.generation import CompiledStep, generate
from lmkit.models import GPT

PROMPT_LENGTH = 8
REQUIRED_DECODING = {1: "1,500 (aim 3,000)", 64: "40,000 (aim 80,000)"}


def training(sizes: Sizes, device: torch.device) -> Findings:
    """The compiled training step in bf16."""
    found = Findings()
    config = sizes.measured
    batch = random_batch(config, sizes.training_rows, device)
    start = time.perf_counter()
    step = lmkit_step(config, batch, "bf16", sizes.backend)
    step()
    found.notes["seconds of compiling"] = time.perf_counter() - start
    seconds, products = medians(
        step, matrix_products(config, batch, torch.bfloat16), rounds=2 * sizes.rounds, warm_up=3
    )
    if device.type == "cuda":
        found.notes["peak memory of a step, GiB"] = torch.cuda.max_memory_allocated() / 2**30
    found.notes["share of the step that its matrix products take"] = products / seconds
    found.notes["milliseconds by kernel"] = kernels(step, device)
    found.row(
        f"training, compiled, bf16, {sizes.training_rows} windows",
        batch.inputs.numel() / seconds,
        required="380,000 (aim 450,000)",
    )
    return found


def compiled_peer(sizes: Sizes, device: torch.device) -> Findings:
    """The same with the GPT-2 of transformers."""
    found = Findings()
    batch = random_batch(sizes.measured, sizes.training_rows, device)
    step = transformers_step(sizes.measured, batch, bf16=True, backend=sizes.backend)
    (seconds,) = medians(step, rounds=sizes.rounds, warm_up=3)
    found.row(
        f"training of transformers' GPT-2, compiled, bf16, {sizes.training_rows} windows",
        batch.inputs.numel() / seconds,
    )
    return found


def eager_training(sizes: Sizes, device: torch.device) -> Findings:
    """Uncompiled training steps in bf16, in turn with those of transformers."""
    found = Findings()
    batch = random_batch(sizes.measured, sizes.eager_rows, device)
    step = lmkit_step(sizes.measured, batch, "bf16", None)
    theirs = transformers_step(sizes.measured, batch, bf16=True, backend=None)
    ours_seconds, their_seconds = medians(step, theirs, rounds=sizes.rounds, warm_up=3)
    found.notes["milliseconds by kernel"] = kernels(step, device)
    tokens = batch.inputs.numel()
    found.row(
        f"training, eager, bf16, {sizes.eager_rows} windows",
        tokens / ours_seconds,
        peer=tokens / their_seconds,
        required="1.5 × transformers",
    )
    return found


def decoding_one_row(sizes: Sizes, device: torch.device) -> Findings:
    """Greedy decoding of one text in bf16 by a compiled step."""
    return decoding(sizes, device, sizes.decoding_rows[0])


def decoding_many_rows(sizes: Sizes, device: torch.device) -> Findings:
    """Greedy decoding of many texts in bf16 by a compiled step."""
    return decoding(sizes, device, sizes.decoding_rows[-1])


def decoding(sizes: Sizes, device: torch.device, rows: int) -> Findings:
    """Greedy decoding in bf16 by a compiled step up to the full length."""
    found = Findings()
    model = GPT(sizes.measured).to(device, torch.bfloat16).eval()
    count = sizes.decoding_length - PROMPT_LENGTH
    start = time.perf_counter()
    step = CompiledStep(model, batch_size=rows, max_length=sizes.decoding_length, backend=sizes.backend)
    found.notes["seconds of compiling"] = time.perf_counter() - start
    prompt_ids = random_ids(sizes.measured, rows, PROMPT_LENGTH, device)

    def write() -> torch.Tensor:
        return generate(model, prompt_ids, max_new_tokens=count, compiled_step=step)

    def step_alone() -> None:
        step.fixed.position.fill_(sizes.decoding_length // 2)
        step(prompt_ids[:, -1])

    (seconds,) = medians(write, rounds=sizes.rounds)
    (alone,) = medians(step_alone, rounds=10 * sizes.rounds)
    found.notes["milliseconds per token"] = 1e3 * seconds / count
    found.notes["milliseconds of the step alone"] = 1e3 * alone
    found.notes["milliseconds by kernel"] = kernels(step_alone, device)
    found.row(
        f"decoding by a compiled step, bf16, batch {rows}, {sizes.decoding_length} tokens",
        rows * count / seconds,
        required=REQUIRED_DECODING.get(rows, ""),
    )
    return found


def eager_decoding(sizes: Sizes, device: torch.device) -> Findings:
    """Greedy decoding in bf16 with a cache, uncompiled, in turn with transformers."""
    found = Findings()
    ours, theirs = pair(sizes.measured, torch.bfloat16, device)
    count = sizes.eager_tokens
    for rows in sizes.decoding_rows:
        prompt_ids = random_ids(sizes.measured, rows, PROMPT_LENGTH, device)
        everything = torch.ones_like(prompt_ids)

        def write(prompt_ids: torch.Tensor = prompt_ids) -> torch.Tensor:
            return generate(ours, prompt_ids, max_new_tokens=count)

        def write_theirs(prompt_ids: torch.Tensor = prompt_ids, everything: torch.Tensor = everything) -> torch.Tensor:
            return theirs.generate(
                prompt_ids, attention_mask=everything, max_new_tokens=count, min_new_tokens=count, do_sample=False
            )

        seconds, peer = medians(write, write_theirs, rounds=max(2, sizes.rounds // 2))
        found.row(
            f"decoding, eager, bf16, batch {rows}, {count} tokens",
            rows * count / seconds,
            peer=rows * count / peer,
            required="1.5 × transformers",
        )
    return found


def kernels(step: object, device: torch.device, count: int = 15) -> dict[str, float]:
    """The kernels that a step spends most of the GPU's time in, with the milliseconds of each."""
    if device.type != "cuda":
        return {}
    step()
    synchronize(device)
    with profile(activities=[ProfilerActivity.CUDA]) as trace:
        step()
        synchronize(device)
    times = {event.key: event.self_device_time_total / 1e3 for event in trace.key_averages()}
    longest = sorted(times, key=times.__getitem__, reverse=True)[:count]
    return {"all": round(sum(times.values()), 3), **{name[:70]: round(times[name], 3) for name in longest}}
