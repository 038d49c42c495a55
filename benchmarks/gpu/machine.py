"""What the machine can do at best."""

import torch

from benchmarks.gpu.findings import Findings
from benchmarks.gpu.sizes import Sizes
from benchmarks.timing import medians


def machine(sizes: Sizes, device: torch.device) -> Findings:
    """How fast it copies memory and multiplies matrices."""
    found = Findings()
    size = 8192 if device.type == "cuda" else 64
    matrix = torch.randn(size, size, device=device).bfloat16()
    memory = torch.randn(size * size * 8, device=device)
    copy = torch.empty_like(memory)
    product, copying = medians(lambda: matrix @ matrix, lambda: copy.copy_(memory), rounds=10, warm_up=3)
    found.notes["bf16 matrix products, TFLOP/s"] = 2 * size**3 / product / 1e12
    found.notes["memory read and written, TB/s"] = 2 * 4 * memory.numel() / copying / 1e12
    return found
