"""Rotary positions whose frequencies are scaled, so that a model reads longer texts than it was first trained on."""

import math
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lmkit.nn import RotaryPositions, Rotation

RopeKind = Literal["linear", "dynamic", "llama3", "yarn"]


@dataclass(frozen=True, kw_only=True)
class RopeScaling:
    r"""How the frequency of each pair of columns is changed; the names of ``rope_scaling`` in ``config.json``.

    Args:
        kind: ``"linear"`` divides all frequencies by the factor (Chen et al. 2023). ``"dynamic"`` enlarges the base as
            far as a text exceeds the original length. ``"llama3"`` divides slow frequencies only (Llama 3.1).
            ``"yarn"`` blends from fast to slow, and makes attention sharper (Peng et al. 2023).
        factor: How many times longer texts can be.
        original_context_length: The length at first training; ``"linear"`` does not need it.
        low_freq_factor: For ``"llama3"``: waves longer than the original length over this are divided in full.
        high_freq_factor: For ``"llama3"``: waves shorter than the original length over this are left as they are.
        beta_fast: For ``"yarn"``: pairs that turn more often than this over the original length are left as they are.
        beta_slow: For ``"yarn"``: pairs that turn less often are divided in full.
        attention_factor: For ``"yarn"``: multiplies queries and keys; ``None`` for $0.1 \ln(\text{factor}) + 1$.
        truncate: For ``"yarn"``: whether the bounds of the blend are rounded to whole pairs.

    Raises:
        ValueError: If a number is out of its range, or the original length is missing.
    """

    kind: RopeKind
    factor: float
    original_context_length: int | None = None
    low_freq_factor: float = 1.0
    high_freq_factor: float = 4.0
    beta_fast: float = 32.0
    beta_slow: float = 1.0
    attention_factor: float | None = None
    truncate: bool = True

    def __post_init__(self) -> None:
        if not self.factor >= 1:
            raise ValueError(f"factor={self.factor} must be at least 1")
        if self.kind != "linear" and self.original_context_length is None:
            raise ValueError(f"kind={self.kind!r} needs an original_context_length")
        if not self.low_freq_factor < self.high_freq_factor:
            raise ValueError(
                f"low_freq_factor={self.low_freq_factor} must be less than high_freq_factor={self.high_freq_factor}"
            )


class ScaledRotaryPositions(RotaryPositions):
    """Rotary positions with scaled frequencies, in the layout of Llama's checkpoints.

    Args:
        d_head: Number of columns of a head, even.
        scaling: How frequencies are scaled.
        base: See :class:`lmkit.nn.RotaryPositions`.
        layout: See there.

    Source:
        Chen et al. (2023); Peng et al. (2023), section 3; Grattafiori et al. (2024), section 3.4.2.
    """

    def __init__(
        self,
        d_head: int,
        scaling: RopeScaling,
        *,
        base: float = 10000.0,
        layout: Literal["interleaved", "halves"] = "halves",
    ) -> None:
        super().__init__(d_head, base=base, layout=layout)
        self.scaling = scaling

    def forward(self, positions: Int[Tensor, "#B T"], dtype: torch.dtype = torch.float32) -> Rotation:
        """Make the rotation of a sequence; see :meth:`lmkit.nn.RotaryPositions.forward`."""
        dtype = torch.promote_types(dtype, torch.float32)
        base, scaling = self.base, self.scaling
        if scaling.kind == "dynamic":
            original = scaling.original_context_length or 1
            length = max(int(positions.max()) + 1, original)
            stretch = scaling.factor * length / original - (scaling.factor - 1)
            base = base * stretch ** (self.d_head / (self.d_head - 2))
        pairs = torch.arange(0, self.d_head, 2, dtype=dtype, device=positions.device)
        frequencies = scaled_frequencies(base ** (-pairs / self.d_head), scaling, base=base)
        theta = (positions.unsqueeze(-1) * frequencies).unsqueeze(1)
        gain = 1.0
        if scaling.kind == "yarn":
            gain = scaling.attention_factor or 0.1 * math.log(scaling.factor) + 1
        return Rotation(theta.cos() * gain, theta.sin() * gain, self.layout)


def scaled_frequencies(
    frequencies: Float[Tensor, " K_half"], scaling: RopeScaling, *, base: float
) -> Float[Tensor, " K_half"]:
    """Scale the frequencies of all pairs of columns.

    Args:
        frequencies: In radians per position, falling.
        scaling: How.
        base: Of the frequencies.

    Returns:
        Radians per position.

    Example:
        >>> scaled_frequencies(torch.tensor([1.0, 0.5]), RopeScaling(kind="linear", factor=2.0), base=4.0).tolist()
        [0.5, 0.25]
    """
    slow = frequencies / scaling.factor
    if scaling.kind == "linear":
        return slow
    if scaling.kind == "dynamic":
        return frequencies
    original = scaling.original_context_length or 1
    if scaling.kind == "llama3":
        turns = original * frequencies / (2 * math.pi)
        keep = (turns - scaling.low_freq_factor) / (scaling.high_freq_factor - scaling.low_freq_factor)
    else:
        d_head = 2 * len(frequencies)

        def pair_that_turns(times: float) -> float:
            return d_head * math.log(original / (times * 2 * math.pi)) / (2 * math.log(base))

        low, high = pair_that_turns(scaling.beta_fast), pair_that_turns(scaling.beta_slow)
        if scaling.truncate:
            low, high = math.floor(low), math.ceil(high)
        low, high = max(low, 0), min(high, d_head - 1)
        pairs = torch.arange(len(frequencies), dtype=frequencies.dtype, device=frequencies.device)
        keep = 1 - (pairs - low) / ((high - low) or 0.001)
    keep = keep.clamp(0, 1)
    return keep * frequencies + (1 - keep) * slow
