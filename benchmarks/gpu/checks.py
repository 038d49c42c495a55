"""What must be true on a GPU, each measured against the same computation in float64, on the CPU, or done plainly."""

import os
import socket
import statistics
import time
from copy import deepcopy
from unittest import mock

import torch
from torch import Tensor, nn

from benchmarks.gpu.findings import Findings
from benchmarks.gpu.sizes import Sizes
from lmkit.data import Batch, next_token_batches, prefetch
from lmkit.data.corpus import load_text
from lmkit.generation import CompiledStep, generate
from lmkit.models import GPT, GPTConfig
from lmkit.nn import padding_mask
from lmkit.training import (
    Objective,
    TrainingConfig,
    autocast,
    checkpoint_activations,
    distribute,
    fused_adamw,
    next_token_objective,
    process_group,
    train,
    train_step,
    warmup_cosine,
)
from lmkit.training.distributed import whole


def compiled_step_equals_eager(sizes: Sizes, device: torch.device) -> Findings:
    """Gradients of the compiled objective are as near to those in float64 as the gradients of the plain one."""
    found = Findings()
    model, batch = GPT(sizes.checked).to(device), random_batch(sizes.checked, sizes.checked_rows, device)
    exact = gradient(deepcopy(model).double(), batch, next_token_objective, "fp32")
    compiled = torch.compile(next_token_objective, backend=sizes.backend)
    for precision in ("fp32", "bf16"):
        plain, fast = (
            relative_error(gradient(model, batch, objective, precision), exact)
            for objective in (next_token_objective, compiled)
        )
        found.check(
            f"the compiled step's gradient in {precision} equals the eager one's",
            f"distance from float64: compiled {fast:.1e}, eager {plain:.1e}",
            fast < 2 * plain,
        )
    return found


def cuda_graph_equals_eager(sizes: Sizes, device: torch.device) -> Findings:
    """Decoding by one CUDA graph writes the tokens that plain decoding writes, and its logits are as exact."""
    found = Findings()
    config, length, prompt_length = sizes.checked, sizes.checked.context_length, 8
    model = GPT(config).to(device).eval()
    for rows, padded in ((1, False), (8, True)):
        prompt_ids = random_ids(config, rows, prompt_length, device)
        real = padding_mask(torch.arange(rows, device=device) % prompt_length + 1, prompt_length, side="left")
        step = CompiledStep(model, batch_size=rows, max_length=length, backend=sizes.backend)
        plain, fast = (
            generate(
                model,
                prompt_ids,
                max_new_tokens=length - prompt_length,
                padding_mask=real if padded else None,
                compiled_step=compiled_step,
            )
            for compiled_step in (None, step)
        )
        same = (plain == fast).float().mean().item()
        padding = " of different lengths" if padded else ""
        found.check(
            f"a CUDA graph continues {rows} prompt(s){padding} in fp32 as plain decoding does",
            f"{same:.1%} of {plain.numel()} tokens are the same",
            same == 1,
        )
    text = random_ids(config, 2, 24, device)
    with torch.no_grad():
        exact = deepcopy(model).double()(text)[:, prompt_length - 1 :]
        half = deepcopy(model).bfloat16()
        plain_logits = half(text)[:, prompt_length - 1 :]
        step = CompiledStep(half, batch_size=2, max_length=length, backend=sizes.backend)
        logits = [step.start(text[:, :prompt_length], None)]
        logits += [step(text[:, at]).clone() for at in range(prompt_length, text.shape[1])]
    plain_error, error = relative_error(plain_logits, exact), relative_error(torch.stack(logits, dim=1), exact)
    found.check(
        "a CUDA graph's logits in bf16 equal those of plain decoding",
        f"distance from float64: graph {error:.1e}, plain {plain_error:.1e}",
        error < 2 * plain_error,
    )
    return found


def one_rank(sizes: Sizes, device: torch.device) -> Findings:
    """DDP and FSDP2 over NCCL on one rank take the steps that training alone takes."""
    found = Findings()
    batch = random_batch(sizes.checked, sizes.checked_rows, device)

    def losses(strategy: str | None) -> tuple[list[float], dict[str, Tensor]]:
        model = GPT(sizes.checked).to(device)
        objective = next_token_objective if strategy is None else distribute(model, next_token_objective, strategy)
        optimizer = fused_adamw(model, 1e-3)
        steps = [train_step(model, optimizer, batch, objective=objective, precision="fp32") for _ in range(5)]
        return [step.loss_nats for step in steps], {name: whole(w).cpu() for name, w in model.state_dict().items()}

    alone, alone_weights = losses(None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "RANK": "0", "WORLD_SIZE": "1"}
    with mock.patch.dict(os.environ, {"TORCHELASTIC_RUN_ID": "benchmarks", **address}), process_group(device):
        backend = torch.distributed.get_backend()
        for strategy in ("ddp", "fsdp"):
            together, weights = losses(strategy)
            difference = max(abs(a - b) for a, b in zip(alone, together, strict=True))
            same_names = weights.keys() == alone_weights.keys()
            found.check(
                f"{strategy} over {backend} on one rank trains as one process does",
                f"losses of five steps differ by {difference:.1e} nats",
                same_names and difference < 1e-4,
            )
    return found


def prefetched_batches(sizes: Sizes, device: torch.device) -> Findings:
    """Batches arrive unchanged, and a copy from page-locked memory does not wait for the GPU's other work."""
    found = Findings()
    stream = torch.randint(2**15, (2**22 if device.type == "cuda" else 2**12,))

    def batches() -> object:
        return next_token_batches(stream, batch_size=64, context_length=sizes.checked.context_length)

    pairs = list(zip(prefetch(batches(), device), batches(), strict=True))
    same = all(ours.inputs.cpu().equal(b.inputs) and ours.targets.cpu().equal(b.targets) for ours, b in pairs)
    on_device = all(ours.inputs.device.type == device.type for ours, _ in pairs)
    found.check("prefetched batches arrive unchanged", f"{len(pairs)} batches", same and on_device)
    if device.type == "cuda":
        wide = torch.zeros(2**21, dtype=torch.long)  # 16 MB
        matrix = torch.randn(8192, 8192, device=device, dtype=torch.bfloat16)
        waits = {}
        for name, tensor in (("pageable", wide), ("pinned", wide.pin_memory())) * 2:  # the second time counts
            torch.cuda.synchronize()
            for _ in range(20):
                matrix @ matrix
            start = time.perf_counter()
            tensor.to(device, non_blocking=True)
            waits[name] = time.perf_counter() - start
        found.check(
            "copies from pinned memory do not hold up the program",
            f"pinned {waits['pinned'] * 1e3:.2f} ms, pageable {waits['pageable'] * 1e3:.2f} ms while the GPU works",
            waits["pinned"] < waits["pageable"] / 2,
        )
    return found


def bf16_curve(sizes: Sizes, device: torch.device) -> Findings:
    """Loss curves in bf16 and in fp32 on the bytes of Python's standard library, from one start in one order."""
    found = Findings()
    corpus = "stdlib" if device.type == "cuda" else "pydocs"
    stream = torch.frombuffer(bytearray(load_text(corpus).encode()), dtype=torch.uint8)
    objective = torch.compile(next_token_objective, backend=sizes.backend)
    curves = {}
    for precision in ("fp32", "bf16"):
        model = GPT(sizes.checked).to(device)
        batches = next_token_batches(
            stream,
            batch_size=sizes.checked_rows,
            context_length=sizes.checked.context_length,
            generator=torch.Generator().manual_seed(0),
            num_epochs=None,
        )
        history = train(
            model,
            fused_adamw(model, 0.0),
            prefetch(batches, device),
            warmup_cosine(1e-3, num_steps=sizes.curve_steps, warmup_steps=sizes.curve_steps // 10),
            TrainingConfig(num_steps=sizes.curve_steps, precision=precision, compile=False),
            objective=objective,
            progress=False,
        )
        curves[precision] = history.loss_nats
        found.notes[f"seconds per step, {precision}"] = statistics.median(history.seconds)
    length = max(1, sizes.curve_steps // 20)
    means = {
        name: [statistics.fmean(curve[i : i + length]) for i in range(0, len(curve), length)]
        for name, curve in curves.items()
    }
    found.notes |= {"steps per point of the curves": length, **means}
    distance = max(abs(a - b) for a, b in zip(means["fp32"], means["bf16"], strict=True))
    found.check(
        f"the loss in bf16 stays within 0.02 nats of that in fp32 for {sizes.curve_steps} steps",
        f"at most {distance:.4f} nats between means over {length} steps; "
        f"at the end {means['bf16'][-1]:.4f} and {means['fp32'][-1]:.4f}",
        distance < 0.02,
    )
    return found


def activation_checkpointing(sizes: Sizes, device: torch.device) -> Findings:
    """Forgetting activations saves memory and leaves the gradient as it is."""
    found = Findings()
    batch = random_batch(sizes.measured, sizes.eager_rows, device)
    gradients, peaks, seconds = [], [], []
    for forgets in (False, True):
        model = GPT(sizes.measured).to(device)
        if forgets:
            checkpoint_activations(model)
        gradient(model, batch, next_token_objective, "bf16")
        model.zero_grad()
        synchronize(device)
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats()
        start = time.perf_counter()
        gradients.append(gradient(model, batch, next_token_objective, "bf16"))
        synchronize(device)
        seconds.append(time.perf_counter() - start)
        peaks.append(torch.cuda.max_memory_allocated() / 2**30 if device.type == "cuda" else float("nan"))
        del model
    error = relative_error(gradients[1], gradients[0])
    found.check(
        "activation checkpointing leaves the gradient as it is", f"relative distance in bf16 {error:.1e}", error < 1e-2
    )
    if device.type == "cuda":
        found.check(
            f"activation checkpointing saves memory ({sizes.eager_rows} windows of {sizes.measured.context_length})",
            f"peak {peaks[1]:.1f} GiB instead of {peaks[0]:.1f}; {seconds[1] / seconds[0]:.2f} times the time",
            peaks[1] < 0.8 * peaks[0],
        )
    return found


def random_ids(config: GPTConfig, rows: int, length: int, device: torch.device) -> Tensor:
    """Random tokens, the same at every call."""
    return torch.randint(config.vocab_size, (rows, length), generator=torch.Generator().manual_seed(0)).to(device)


def random_batch(config: GPTConfig, rows: int, device: torch.device) -> Batch:
    """Full windows of random tokens."""
    ids = random_ids(config, rows, config.context_length + 1, device)
    return Batch(inputs=ids[:, :-1].contiguous(), targets=ids[:, 1:].contiguous())


def gradient(model: nn.Module, batch: Batch, objective: Objective, precision: str) -> Tensor:
    """All gradients in one row, in float64."""
    model.zero_grad()
    with autocast(precision, model):
        loss = objective(model, batch)
    loss.backward()
    return torch.cat([weight.grad.double().flatten() for weight in model.parameters()])


def relative_error(value: Tensor, exact: Tensor) -> float:
    """Euclidean distance as a fraction of the exact value's length."""
    return ((value.double() - exact).norm() / exact.norm()).item()


def synchronize(device: torch.device) -> None:
    """Wait for a GPU."""
    if device.type == "cuda":
        torch.cuda.synchronize()
