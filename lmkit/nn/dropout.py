"""Noise that keeps a model from relying on single numbers."""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F


class Dropout(nn.Module):
    r"""While training, set each number to zero with probability $p$, and divide the others by $1 - p$.

    The division keeps the mean unchanged, so nothing has to change when the model is used.

    Args:
        p: From 0 to below 1.

    Source:
        Srivastava et al. (2014), section 4, with the division during training, not afterwards.

    Example:
        >>> import torch
        >>> dropout = Dropout(0.5)
        >>> sorted(set(dropout(torch.ones(100)).tolist()))
        [0.0, 2.0]
        >>> dropout.eval()(torch.ones(2))
        tensor([1., 1.])
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Float[Tensor, "*B"]) -> Float[Tensor, "*B"]:
        """Apply dropout, in training mode only."""
        return F.dropout(x, self.p) if self.training and self.p > 0 else x
