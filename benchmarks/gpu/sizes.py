"""How large the checks and rows are: in full, for a first look, and for the tests."""

from dataclasses import dataclass

from lmkit.models import GPTConfig

SMALL = GPTConfig(vocab_size=8192, context_length=256, d_model=384, num_layers=6, num_heads=6)
GPT2 = GPTConfig(vocab_size=50304, context_length=1024, d_model=768, num_layers=12, num_heads=12)
TINY = GPTConfig(vocab_size=256, context_length=32, d_model=16, num_layers=2, num_heads=2)


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Sizes of all sections.

    Args:
        checked: The model of the checks.
        measured: The model of the rows.
        checked_rows: Batch size of the checks.
        training_rows: Batch size of the compiled training row.
        eager_rows: Batch size where lmkit and transformers train in turn, not compiled.
        curve_steps: Updates of the loss curves in bf16 and fp32.
        rounds: How often everything is timed.
        decoding_rows: Batch sizes of decoding.
        decoding_length: Tokens of prompt and continuation together.
        eager_tokens: How many tokens lmkit and transformers write in turn, not compiled.
        backend: What ``torch.compile`` compiles with.
    """

    checked: GPTConfig = SMALL
    measured: GPTConfig = GPT2
    checked_rows: int = 32
    training_rows: int = 64
    eager_rows: int = 16
    curve_steps: int = 2000
    rounds: int = 10
    decoding_rows: tuple[int, ...] = (1, 64)
    decoding_length: int = 512
    eager_tokens: int = 64
    backend: str = "inductor"


SIZES = {
    "full": Sizes(),
    "quick": Sizes(curve_steps=100, rounds=4),
    "tiny": Sizes(
        checked=TINY,
        measured=TINY,
        checked_rows=4,
        training_rows=4,
        eager_rows=4,
        curve_steps=20,
        rounds=2,
        decoding_rows=(1, 2),
        decoding_length=16,
        eager_tokens=4,
        backend="eager",
    ),
}
