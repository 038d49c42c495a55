"""Speed of writing text: lmkit beside transformers, and with a cache beside without.

    python -m benchmarks.decoding
    python -m benchmarks.decoding --models small mid GPT-2
    python -m benchmarks.decoding --write              # also into benchmarks/README.md

The runs of what is compared take turns, so that a slow moment of the machine meets all, and medians are printed.
All decode greedily from one set of weights; before anything is timed, they must have written the same tokens.
Rows in bf16 are measured only where the machine multiplies such numbers in hardware.
"""

import argparse
import tempfile
from statistics import median

import torch
import transformers
from torch import Tensor

from benchmarks.tables import header, line, write_rows
from benchmarks.timing import require_quiet_machine, require_steady, times_as_fast, turns
from lmkit.generation import CompiledStep, generate
from lmkit.models import GPT, GPTConfig, SpecialIds, gpt2_small, load_pretrained, save_pretrained
from lmkit.training import has_bf16_instructions, machine_name

MODELS = {
    "small": GPTConfig(vocab_size=4096, context_length=128, d_model=128, num_layers=4, num_heads=4),
    "mid": GPTConfig(vocab_size=8192, context_length=256, d_model=384, num_layers=6, num_heads=6),
    "GPT-2": gpt2_small(),
}
NEW_TOKENS = {"small": 112, "mid": 240, "GPT-2": 64}
PROMPT_LENGTH = 16
BATCH_SIZES = (1, 8)
NUMBERS = {"fp32": torch.float32, "bf16": torch.bfloat16}
COLUMNS = (
    "machine",
    "model",
    "number format",
    "batch",
    "lmkit",
    "beside",
    "tokens/s",
    "tokens/s of that",
    "times as fast",
    "middle half of the turns",
)


def pair(config: GPTConfig, dtype: torch.dtype, device: torch.device) -> tuple[GPT, transformers.GPT2LMHeadModel]:
    """Our model and theirs with the same weights."""
    with tempfile.TemporaryDirectory() as folder:
        save_pretrained(GPT(config), folder, special_ids=SpecialIds(pad_id=0))
        ours = load_pretrained(folder, dtype=dtype, device=device)
        theirs = transformers.GPT2LMHeadModel.from_pretrained(folder, dtype=dtype).to(device).eval()
    return ours, theirs


def against_transformers(
    name: str, number: str, batch_size: int, rounds: int, device: torch.device, *, steady: bool
) -> list[tuple[str, ...]]:
    """Rows of decoding as it is and by a compiled step."""
    ours, theirs = pair(MODELS[name], NUMBERS[number], device)
    prompt_ids = prompts(name, batch_size, device)
    everything, count = torch.ones_like(prompt_ids), NEW_TOKENS[name]
    step = CompiledStep(ours, batch_size=batch_size, max_length=PROMPT_LENGTH + count)

    def write() -> Tensor:
        return generate(ours, prompt_ids, max_new_tokens=count)

    def write_compiled() -> Tensor:
        return generate(ours, prompt_ids, max_new_tokens=count, compiled_step=step)

    def write_theirs() -> Tensor:
        return theirs.generate(prompt_ids, attention_mask=everything, max_new_tokens=count, do_sample=False)

    if number == "fp32" and not (write().equal(write_theirs()) and write_compiled().equal(write_theirs())):
        raise RuntimeError(f"they have not written the same for {name}, batch {batch_size}")
    *mine, yours = turns(write, write_compiled, write_theirs, rounds=rounds)
    if steady:
        for seconds in mine:
            require_steady(seconds, yours)
    return [
        row(name, number, batch_size, how, seconds, "transformers", yours)
        for how, seconds in zip(("cache", "compiled step"), mine, strict=True)
    ]


def against_no_cache(name: str, batch_size: int, device: torch.device) -> tuple[str, ...]:
    """The row of what the cache brings: one turn, since it takes a minute and the ratio is large."""
    ours, _ = pair(MODELS[name], torch.float32, device)
    prompt_ids, count = prompts(name, batch_size, device), NEW_TOKENS[name]
    cached, uncached = turns(
        lambda: generate(ours, prompt_ids, max_new_tokens=count),
        lambda: generate(ours, prompt_ids, max_new_tokens=count, use_cache=False),
        rounds=1,
        warm_up=0,
    )
    return row(name, "fp32", batch_size, "cache", cached, "lmkit without cache", uncached)


def prompts(name: str, batch_size: int, device: torch.device) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randint(MODELS[name].vocab_size, (batch_size, PROMPT_LENGTH), generator=generator).to(device)


def row(
    name: str, number: str, batch_size: int, how: str, seconds: list[float], peer: str, peer_seconds: list[float]
) -> tuple[str, ...]:
    tokens = batch_size * NEW_TOKENS[name]
    speeds = (f"{tokens / median(taken):,.0f}" for taken in (seconds, peer_seconds))
    return name, number, str(batch_size), how, peer, *speeds, *times_as_fast(seconds, peer_seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", choices=list(MODELS), default=["small", "mid"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--write", action="store_true", help="put the rows into benchmarks/README.md")
    arguments = parser.parse_args()
    if arguments.write:
        require_quiet_machine()
    device = torch.device(arguments.device)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    numbers = ["fp32", "bf16"] if has_bf16_instructions(device) else ["fp32"]
    rows = []
    for name in arguments.models:
        for number in numbers:
            for batch_size in BATCH_SIZES:
                rows += against_transformers(name, number, batch_size, arguments.rounds, device, steady=arguments.write)
        if name == "mid":
            rows += [against_no_cache(name, size, device) for size in BATCH_SIZES]
    rows = [(machine_name(device), *cells) for cells in rows]
    print(header(COLUMNS) + "".join(map(line, rows)))
    if arguments.write:
        write_rows("decoding", COLUMNS, rows, num_keys=6)


if __name__ == "__main__":
    main()
