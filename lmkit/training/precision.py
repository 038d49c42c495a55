"""In which number format the large products of a training step are taken."""

from contextlib import AbstractContextManager, nullcontext
from typing import Literal

import torch

Precision = Literal["auto", "fp32", "bf16"]
"""``"fp32"`` computes in the parameters' own format, ``"bf16"`` casts matrix products, ``"auto"`` looks."""


def has_bf16_instructions(device: torch.device) -> bool:
    """Whether a device multiplies bf16 numbers in hardware.

    Without the instructions a processor emulates them, up to ten times slower than fp32.

    Args:
        device: A CPU or a GPU.

    Returns:
        What the device says about itself.
    """
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type == "cpu":
        capabilities = torch.cpu.get_capabilities()
        return any(capabilities.get(name, False) for name in ("amx_bf16", "avx512_bf16", "bf16"))
    return False


def autocast(precision: str, device: torch.device) -> AbstractContextManager:
    """The context in which a forward pass runs.

    Args:
        precision: One of :data:`Precision`. ``"auto"`` is bf16 where :func:`has_bf16_instructions`, and fp32 otherwise.
        device: Where the model is.

    Returns:
        torch's autocast to bf16, or a context that changes nothing.

    Raises:
        ValueError: If the precision is none of the three.
    """
    if precision not in ("auto", "fp32", "bf16"):
        raise ValueError(f"precision={precision!r} must be 'auto', 'fp32' or 'bf16'")
    if precision == "fp32" or (precision == "auto" and not has_bf16_instructions(device)):
        return nullcontext()
    return torch.autocast(device.type, dtype=torch.bfloat16)
