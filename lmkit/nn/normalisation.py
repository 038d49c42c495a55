"""Layers that keep the scale of hidden states in bounds: written out as functions, and fused as modules."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F


def layer_norm(
    x: Float[Tensor, "*B D"], gain: Float[Tensor, " D"], bias: Float[Tensor, " D"], eps: float = 1e-5
) -> Float[Tensor, "*B D"]:
    r"""Shift and scale each vector to mean 0 and variance 1, then apply a learned gain and bias.

    $$y = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} \odot g + b$$

    Args:
        x: Hidden states.
        gain: $g$.
        bias: $b$.
        eps: $\epsilon$, which keeps a constant vector from being divided by zero.

    Returns:
        Vectors of the same shape.

    Source:
        Ba et al. (2016), equation 4, with the variance over the $D$ columns, not $D - 1$.

    Example:
        >>> layer_norm(torch.tensor([1.0, 3.0]), torch.ones(2), torch.zeros(2))
        tensor([-1.0000,  1.0000])
    """
    mean = x.mean(dim=-1, keepdim=True)
    variance = (x - mean).square().mean(dim=-1, keepdim=True)
    return (x - mean) / (variance + eps).sqrt() * gain + bias


def rms_norm(x: Float[Tensor, "*B D"], gain: Float[Tensor, " D"], eps: float = 1e-6) -> Float[Tensor, "*B D"]:
    r"""Scale each vector to a mean square of 1, then apply a learned gain.

    $$y = \frac{x}{\sqrt{\frac{1}{D} \sum_i x_i^2 + \epsilon}} \odot g$$

    Args:
        x: Hidden states.
        gain: $g$.
        eps: $\epsilon$, which keeps a zero vector from being divided by zero.

    Returns:
        Vectors of the same shape.

    Source:
        Zhang and Sennrich (2019), equation 4; $\epsilon$ inside the root as in Llama.

    Example:
        >>> rms_norm(torch.tensor([3.0, -3.0]), torch.ones(2))
        tensor([ 1., -1.])
    """
    return x / (x.square().mean(dim=-1, keepdim=True) + eps).sqrt() * gain


class LayerNorm(nn.Module):
    """:func:`layer_norm` with its parameters, computed by PyTorch's fused kernel.

    Args:
        d_model: Number of columns.
        eps: See :func:`layer_norm`.
        bias: Whether there is a bias.

    Example:
        >>> LayerNorm(2)(torch.tensor([[1.0, 3.0]])).round(decimals=3).tolist()
        [[-1.0, 1.0]]
    """

    def __init__(self, d_model: int, *, eps: float = 1e-5, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d_model))
        self.bias = nn.Parameter(torch.zeros(d_model)) if bias else None
        self.eps = eps

    def forward(self, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B D"]:
        """Normalise the last dimension."""
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias, self.eps)


class RMSNorm(nn.Module):
    """:func:`rms_norm` with its parameters, computed by PyTorch's fused kernel.

    Args:
        d_model: Number of columns.
        eps: See :func:`rms_norm`.

    Example:
        >>> RMSNorm(2)(torch.tensor([[3.0, -3.0]])).round(decimals=3).tolist()
        [[1.0, -1.0]]
    """

    def __init__(self, d_model: int, *, eps: float = 1e-6) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d_model))
        self.eps = eps

    def forward(self, x: Float[Tensor, "*B D"]) -> Float[Tensor, "*B D"]:
        """Normalise the last dimension."""
        return F.rms_norm(x, self.weight.shape, self.weight, self.eps)
