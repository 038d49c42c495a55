"""Feed-forward layers, which process each position independently between the attention layers."""

import math
from collections.abc import Callable
from functools import partial
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from lmkit.nn.linear_layer import Linear

Activation = Literal["relu", "gelu", "gelu_tanh", "silu"]
"""The non-linearities that a feed-forward layer can have."""

KERNELS: dict[Activation, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "gelu": F.gelu,
    "gelu_tanh": partial(F.gelu, approximate="tanh"),
    "silu": F.silu,
}
"""PyTorch's fused kernel for each of them."""


def gelu(x: Float[Tensor, "*B"]) -> Float[Tensor, "*B"]:
    r"""Gaussian error linear unit: $x \, \Phi(x) = \frac{x}{2} \big(1 + \operatorname{erf}(x / \sqrt 2)\big)$.

    Args:
        x: Any numbers.

    Returns:
        Each number times the probability that a standard normal variable is below it.

    Source:
        Hendrycks and Gimpel (2016), section 2.

    Example:
        >>> gelu(torch.tensor([-10.0, 0.0, 1.0, 10.0]))
        tensor([-0.0000,  0.0000,  0.8413, 10.0000])
    """
    return x / 2 * (1 + torch.erf(x / math.sqrt(2)))


def gelu_tanh(x: Float[Tensor, "*B"]) -> Float[Tensor, "*B"]:
    r"""The approximation of :func:`gelu` that GPT-2 uses, off by less than 0.0005.

    $$\frac{x}{2} \Big(1 + \tanh\big(\sqrt{2/\pi}\,(x + 0.044715\, x^3)\big)\Big)$$

    Args:
        x: Any numbers.

    Returns:
        Numbers close to those of :func:`gelu`.

    Source:
        Hendrycks and Gimpel (2016), section 2.

    Example:
        >>> gelu_tanh(torch.tensor([0.0, 1.0]))
        tensor([0.0000, 0.8412])
    """
    return x / 2 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def silu(x: Float[Tensor, "*B"]) -> Float[Tensor, "*B"]:
    r"""Sigmoid linear unit, also called swish: $x \, \sigma(x)$.

    Args:
        x: Any numbers.

    Returns:
        Each number times its logistic function.

    Example:
        >>> silu(torch.tensor([0.0, 1.0]))
        tensor([0.0000, 0.7311])
    """
    return x * torch.sigmoid(x)


class FeedForward(nn.Module):
    r"""Two linear layers with a non-linearity between them: $y = f(x W_1 + b_1)\, W_2 + b_2$.

    Args:
        d_model: Width of the inputs and outputs.
        d_ff: Width between the layers.
        activation: The non-linearity $f$.
        bias: Whether the layers have biases $b_1$ and $b_2$.

    Source:
        Vaswani et al. (2017), equation 2.

    Example:
        >>> FeedForward(d_model=4, d_ff=16, activation="gelu")(torch.zeros(2, 3, 4)).shape
        torch.Size([2, 3, 4])
    """

    def __init__(self, *, d_model: int, d_ff: int, activation: Activation, bias: bool = True) -> None:
        super().__init__()
        self.inner = Linear(d_model, d_ff, bias=bias)
        self.output = Linear(d_ff, d_model, bias=bias)
        self.activation = KERNELS[activation]

    def forward(self, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B D"]:
        """Apply the layer to each position independently."""
        return self.output(self.activation(self.inner(x)))


class SwiGLU(nn.Module):
    r"""A feed-forward layer with a gate: $y = \big(\operatorname{silu}(x W_g) \odot x W_u\big)\, W_d$.

    $W_g$ and $W_u$ are one matrix, so they take a single product.

    Args:
        d_model: Width of the inputs and outputs.
        d_ff: Width between the layers.

    Source:
        Shazeer (2020), equation 6.

    Example:
        >>> SwiGLU(d_model=4, d_ff=12)(torch.zeros(2, 3, 4)).shape
        torch.Size([2, 3, 4])
    """

    def __init__(self, *, d_model: int, d_ff: int) -> None:
        super().__init__()
        self.gate_and_up = Linear(d_model, 2 * d_ff, bias=False)
        self.output = Linear(d_ff, d_model, bias=False)

    def forward(self, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B D"]:
        """Apply the layer to each position independently."""
        gate, up = self.gate_and_up(x).chunk(2, dim=-1)
        return self.output(F.silu(gate) * up)
