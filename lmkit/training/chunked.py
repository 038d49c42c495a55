"""Cross-entropy of a linear layer without ever holding its full output.

The logits of 8 rows of 256 tokens over 8192 words are 64 MB in fp32, and their gradient as much again.
Here a few rows at a time become logits, probabilities and gradients, while they are still in the cache.
"""

from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from lmkit.functional import IGNORE_ID, cross_entropy, require_targets
from lmkit.nn import linear
from lmkit.nn.linear_layer import ONEDNN_IS_FASTER

ROWS_PER_CHUNK = {"cpu": 256, "cuda": 4096}
"""Few enough for little memory, many enough that adding up the weight's gradient costs little beside making it.

On an H200, compiled steps of GPT-2 were as fast with 4,096 rows as with 16,384 (537 and 541 thousand tokens per
second), in 28 instead of 31 GiB. That was with PyTorch 2.11, whose compiled gradients of this loss are zero (below);
the same is expected of steps that learn.
"""

COMPILES_OWN_GRADIENTS = tuple(map(int, torch.__version__.split(".")[:2])) >= (2, 13)
"""Compiled by PyTorch 2.11, the function below has gradients of zero; 2.13 compiles it as it is written."""


class _LinearCrossEntropy(torch.autograd.Function):
    """The gradients are computed in the forward pass, where the probabilities are available."""

    @staticmethod
    def forward(
        ctx: Any, hidden_ND: Tensor, weight_VD: Tensor, bias_V: Tensor | None, targets_N: Tensor, smoothing: float
    ) -> Tensor:
        device_type, vocab_size = hidden_ND.device.type, weight_VD.shape[0]
        autocast = torch.is_autocast_enabled(device_type) and hidden_ND.dtype != torch.float64  # as PyTorch does
        dtype = torch.get_autocast_dtype(device_type) if autocast else hidden_ND.dtype
        exact = torch.promote_types(dtype, torch.float32)  # the softmax is never computed in bf16
        num_rows = ROWS_PER_CHUNK.get(device_type, 1024)
        weight_VD_cast, bias_V_cast = weight_VD.to(dtype), None if bias_V is None else bias_V.to(dtype)
        ignored_N = targets_N == IGNORE_ID
        targets_N = targets_N.masked_fill(ignored_N, 0)  # the share of such a row is zero
        share_N = (~ignored_N).to(exact)
        share_N = share_N / share_N.sum().clamp(min=1)

        loss = torch.zeros((), dtype=exact, device=hidden_ND.device)
        needs_hidden, needs_weight, needs_bias = ctx.needs_input_grad[:3]
        hidden_grad = torch.empty_like(hidden_ND) if needs_hidden else None
        weight_grad = torch.zeros_like(weight_VD) if needs_weight else None
        bias_grad = torch.zeros_like(bias_V) if bias_V is not None and needs_bias else None
        # Memory that is allocated once is still in the cache when it is reused.
        probs_RV = hidden_ND.new_empty(min(num_rows, len(hidden_ND)), vocab_size, dtype=exact)
        for start in range(0, len(hidden_ND), num_rows):
            rows = slice(start, start + num_rows)
            hidden_nD, share_n1, target_n1 = hidden_ND[rows].to(dtype), share_N[rows, None], targets_N[rows, None]
            logits_nV = linear(hidden_nD, weight_VD_cast, bias_V_cast)
            probs_nV = torch.softmax(logits_nV, -1, dtype=exact, out=probs_RV[: len(logits_nV)])
            # All logits as distances below the largest, whose own probability has not been rounded to zero.
            largest_n1 = logits_nV.amax(-1, keepdim=True).to(exact)
            loss_n1 = (1 - smoothing) * (largest_n1 - logits_nV.gather(1, target_n1))
            if smoothing:
                loss_n1 += smoothing * (largest_n1 - logits_nV).mean(-1, keepdim=True)
            loss_n1 -= probs_nV.amax(-1, keepdim=True).log()
            loss += (loss_n1 * share_n1).sum()
            if not any(ctx.needs_input_grad):
                continue
            grad_nV = probs_nV.scatter_add_(1, target_n1, torch.full_like(loss_n1, smoothing - 1))
            if smoothing:
                grad_nV -= smoothing / vocab_size
            grad_nV, share_n1 = grad_nV.to(dtype), share_n1.to(dtype)
            if hidden_grad is not None:
                hidden_grad[rows] = linear(grad_nV, weight_VD_cast.T) * share_n1
            if weight_grad is not None and weight_grad.dtype == dtype and not ONEDNN_IS_FASTER:
                weight_grad.addmm_(grad_nV.T, hidden_nD * share_n1)
            elif weight_grad is not None:  # a sum of many bf16 products is kept in the weight's own format
                weight_grad += linear(grad_nV.T, (hidden_nD * share_n1).T)
            if bias_grad is not None:
                bias_grad += grad_nV.T @ share_n1.squeeze(-1)
        ctx.save_for_backward(hidden_grad, weight_grad, bias_grad)
        return loss

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_loss: Tensor) -> tuple[Tensor | None, ...]:
        gradients = (None if grad is None else grad * grad_loss.to(grad.dtype) for grad in ctx.saved_tensors)
        return *gradients, None, None


def linear_cross_entropy(
    hidden: Float[Tensor, "*B D"],
    weight: Float[Tensor, "V D"],
    targets: Int[Tensor, "*B"],
    *,
    bias: Float[Tensor, " V"] | None = None,
    label_smoothing: float = 0.0,
) -> Float[Tensor, ""]:
    r"""Cross-entropy of ``hidden @ weight.T + bias``, equal to :func:`lmkit.functional.cross_entropy`.

    With $p = \operatorname{softmax}(W h + b)$ and target distribution $q$, each row's gradients are
    $\partial \ell / \partial z = p - q$, hence $W^\top (p - q)$ for $h$ and $(p - q) h^\top$ for $W$.

    Args:
        hidden: What the linear layer is applied to.
        weight: The layer's matrix.
        targets: The true class of each row, or ``IGNORE_ID`` for a row that is not scored.
        bias: The layer's bias.
        label_smoothing: The share of the target spread evenly over all classes.

    Returns:
        Nats per scored row; zero where nothing is scored, so that it can be one micro-batch of a larger batch.

    Raises:
        ValueError: If a target is neither an id nor ``IGNORE_ID``, or the smoothing is out of range.

    Example:
        >>> linear_cross_entropy(torch.zeros(3, 8), torch.zeros(50, 8), torch.tensor([7, 8, IGNORE_ID]))  # log 50
        tensor(3.9120)
    """
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"label_smoothing={label_smoothing} must be between 0 and 1")
    if torch.compiler.is_compiling() and not COMPILES_OWN_GRADIENTS:
        logits = F.linear(hidden, weight, bias)
        return cross_entropy(logits, targets, label_smoothing=label_smoothing)
    require_targets(targets, len(weight))
    return _LinearCrossEntropy.apply(hidden.flatten(0, -2), weight, bias, targets.flatten(), label_smoothing)
