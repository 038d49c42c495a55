"""What a section finds: checks that hold or do not, rows of speed, and notes."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch

from benchmarks.gpu.sizes import Sizes


@dataclass(kw_only=True)
class Findings:
    """Results of one section, which go into the file of results as they are.

    Args:
        checks: What should be true, what was measured, and whether it is true.
        rows: Work, tokens per second, those of transformers if it did the same, and those required.
        notes: Other numbers by name.
    """

    checks: list[dict[str, str | bool]] = field(default_factory=list)
    rows: list[dict[str, str | float | None]] = field(default_factory=list)
    notes: dict[str, object] = field(default_factory=dict)

    def check(self, statement: str, measured: str, holds: bool) -> None:
        """Add a check."""
        self.checks.append({"check": statement, "measured": measured, "holds": bool(holds)})

    def row(self, work: str, tokens_per_second: float, *, peer: float | None = None, required: str = "") -> None:
        """Add a row of speed."""
        self.rows.append({"work": work, "tokens/s": tokens_per_second, "peer": peer, "required": required})


Section = Callable[[Sizes, torch.device], Findings]
"""One part of the program, which runs in a process of its own."""
