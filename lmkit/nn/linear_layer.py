"""Linear layers, computed by the faster of the two libraries that PyTorch brings along."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.flop_counter import flop_registry

LARGE = 2**22
"""Products of fewer multiplications take no longer with MKL, whose call costs less."""


def onednn_is_faster() -> bool:
    """Whether oneDNN multiplies matrices in fp32 faster on this processor than MKL, which PyTorch uses.

    Both use AVX-512 on processors by Intel, but on those by AMD only oneDNN does: on an AMD EPYC of the fifth
    generation, with two threads and PyTorch 2.13, it multiplied 2048 x 384 by 384 x 1536 numbers at 0.49 TFLOP/s, and
    MKL at 0.22.

    Returns:
        True on processors by AMD with AVX-512, where PyTorch was built with oneDNN.

    Example:
        >>> isinstance(onednn_is_faster(), bool)
        True
    """
    capabilities = torch.cpu.get_capabilities()
    has_avx512 = capabilities.get("avx512_f", False) and "AMD" in capabilities.get("cpu_name", "")
    return has_avx512 and torch.backends.mkldnn.is_available()


ONEDNN_IS_FASTER = onednn_is_faster()


class Linear(nn.Linear):
    """PyTorch's linear layer, computed by :func:`linear`.

    Example:
        >>> Linear(3, 2)(torch.zeros(5, 3)).shape
        torch.Size([5, 2])
    """

    def forward(self, input: Float[Tensor, "*B I"]) -> Float[Tensor, "*B O"]:  # PyTorch's name
        """Apply the layer."""
        return linear(input, self.weight, self.bias)


def linear(
    x: Float[Tensor, "*B I"], weight: Float[Tensor, "O I"], bias: Float[Tensor, " O"] | None = None
) -> Float[Tensor, "*B O"]:
    """``x @ weight.T + bias``, as ``torch.nn.functional.linear``.

    Large products in fp32 on a CPU are left to oneDNN on processors by AMD with AVX-512, which MKL does not use there.

    Args:
        x: Rows.
        weight: The matrix, one row for each column of the result.
        bias: Added to each row.

    Returns:
        The products.

    Example:
        >>> linear(torch.tensor([1.0, 2.0]), torch.tensor([[3.0, 4.0]]))
        tensor([11.])
    """
    by_onednn = (
        ONEDNN_IS_FASTER
        and x.numel() * len(weight) >= LARGE
        and x.dtype == weight.dtype == torch.float32
        and x.device.type == "cpu"
        and type(x) is Tensor
        and type(weight) in (Tensor, nn.Parameter)
        and not torch.is_autocast_enabled("cpu")
        and not torch.compiler.is_compiling()  # a compiler has its own way with products
    )
    return _OneDNNLinear.apply(x, weight, bias) if by_onednn else F.linear(x, weight, bias)


class _OneDNNLinear(torch.autograd.Function):
    """PyTorch has no derivative for oneDNN's product; it consists of two more."""

    generate_vmap_rule = True

    @staticmethod
    def forward(x: Tensor, weight_OI: Tensor, bias_O: Tensor | None) -> Tensor:
        return torch.ops.mkldnn._linear_pointwise(x, weight_OI, bias_O, "none", [], "")

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, Tensor, Tensor | None], output: Tensor) -> None:
        ctx.save_for_backward(*inputs[:2])
        ctx.save_for_forward(*inputs[:2])

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        x, weight_OI = ctx.saved_tensors
        needs_x, needs_weight, needs_bias = ctx.needs_input_grad
        x_NI, grad_NO = x.reshape(-1, x.shape[-1]), grad.reshape(-1, grad.shape[-1])
        return (
            linear(grad, weight_OI.T) if needs_x else None,
            linear(grad_NO.T, x_NI.T) if needs_weight else None,
            grad_NO.sum(0) if needs_bias else None,
        )

    @staticmethod
    def jvp(ctx: Any, x_change: Tensor, weight_change: Tensor, bias_change: Tensor | None) -> Tensor:
        x, weight_OI = ctx.saved_tensors
        return linear(x_change, weight_OI, bias_change) + linear(x, weight_change)


def _flops(x: Tensor, *_: Any, out_val: Tensor, **__: Any) -> int:
    return 2 * out_val.numel() * x.shape[-1]


if torch.backends.mkldnn.is_available():  # PyTorch's counter of operations does not know this product
    flop_registry.setdefault(torch.ops.mkldnn._linear_pointwise, _flops)
