"""Rotary positions with scaled frequencies, for texts longer than those of the original training."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lmkit.models.validation import require_positive
from lmkit.nn import RotaryPositions, Rotation

RopeKind = Literal["linear", "dynamic", "llama3", "yarn"]


@dataclass(frozen=True, kw_only=True)
class RopeScaling:
    r"""How the frequencies of the column pairs are changed; named as in the ``rope_scaling`` of ``config.json``.

    Args:
        kind: ``"linear"`` divides all frequencies by the factor (Chen et al. 2023). ``"dynamic"`` increases the base
            with the length of the text, once it exceeds the original length. ``"llama3"`` divides only low
            frequencies (Llama 3.1). ``"yarn"`` divides low frequencies, keeps high ones, interpolates in between, and
            makes attention sharper (Peng et al. 2023).
        factor: How many times longer the texts can be, at least 1.
        original_context_length: Context length of the original training; ``"linear"`` does not need it.
        low_freq_factor: For ``"llama3"``: wavelengths longer than the original length divided by this are scaled fully.
        high_freq_factor: For ``"llama3"``: wavelengths shorter than the original length divided by this are kept.
        beta_fast: For ``"yarn"``: pairs with more turns than this within the original length are kept.
        beta_slow: For ``"yarn"``: pairs with fewer turns than this are scaled fully.
        attention_factor: For ``"yarn"``: multiplies queries and keys; ``None`` for $0.1 \ln(\text{factor}) + 1$.
        truncate: For ``"yarn"``: whether the bounds of the interpolation are rounded outwards to whole pairs.

    Raises:
        ValueError: If the kind is unknown, a number is out of its range, or the original length is missing.

    Example:
        >>> RopeScaling(kind="yarn", factor=4.0, original_context_length=2048).beta_fast
        32.0
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
        if self.kind not in get_args(RopeKind):
            raise ValueError(f"kind={self.kind!r} must be one of {', '.join(map(repr, get_args(RopeKind)))}")
        if not self.factor >= 1:
            raise ValueError(f"factor={self.factor} must be at least 1")
        require_positive(self, "original_context_length", "low_freq_factor", "beta_slow", "attention_factor")
        if self.kind != "linear" and self.original_context_length is None:
            raise ValueError(f"kind={self.kind!r} needs an original_context_length")
        if not self.low_freq_factor < self.high_freq_factor:
            raise ValueError(
                f"low_freq_factor={self.low_freq_factor} must be less than high_freq_factor={self.high_freq_factor}"
            )
        if not self.beta_slow < self.beta_fast:
            raise ValueError(f"beta_slow={self.beta_slow} must be less than beta_fast={self.beta_fast}")


class ScaledRotaryPositions(RotaryPositions):
    """Rotary positions with scaled frequencies.

    Args:
        d_head: Number of columns of a head; must be even.
        scaling: How frequencies are scaled.
        base: See :class:`lmkit.nn.RotaryPositions`.
        layout: See :class:`lmkit.nn.RotaryPositions`; the default is that of Llama's checkpoints on Hugging Face.

    Source:
        Chen et al. (2023); Peng et al. (2023), section 3; Grattafiori et al. (2024), section 3.4.2.

    Example:
        >>> twice_as_long = RopeScaling(kind="linear", factor=2.0)
        >>> rotation = ScaledRotaryPositions(2, twice_as_long)(torch.tensor([[2]]))
        >>> rotation.cos.equal(RotaryPositions(2)(torch.tensor([[1]])).cos)
        True
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
        """Compute the rotation of each position; see :meth:`lmkit.nn.RotaryPositions.forward`."""
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
    """Scale the frequencies of all column pairs.

    Args:
        frequencies: Radians per position, in decreasing order.
        scaling: How to scale them.
        base: The base of the frequencies.

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
