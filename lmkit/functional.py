"""The basic formulas: log-sum-exp, softmax, entropy, Kullback-Leibler divergence and cross-entropy.

All logarithms are natural, so information is measured in nats. Each function works on the last dimension and
broadcasts over the others. The softmax functions subtract the largest logit before they exponentiate. Without that,
exponentials overflow, and digits are lost: fp32 has only a thousand numbers between 10,000 and 10,001. They compute
and return fp32 where logits are in half precision, because a score is often a sum of thousands and bf16 has only 128
numbers between 1 and 2.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

__all__ = [
    "IGNORE_ID",
    "cross_entropy",
    "entropy",
    "kl_divergence",
    "log_softmax",
    "logsumexp",
    "softmax",
    "target_log_probs",
]

IGNORE_ID = -100
"""A target with this id is not scored. The value is PyTorch's default ``ignore_index``."""


def logsumexp(logits: Float[Tensor, "*B V"]) -> Float[Tensor, "*B"]:
    r"""Logarithm of the sum of exponentials, without overflow.

    $$\log \sum_v e^{z_v} = m + \log \sum_v e^{z_v - m}, \qquad m = \max_v z_v$$

    Args:
        logits: Real numbers or $-\infty$.

    Returns:
        One number per row; $-\infty$ for a row in which every logit is $-\infty$.

    Example:
        >>> round(logsumexp(torch.tensor([1000.0, 1000.0])).item(), 3)  # 1000 + log 2
        1000.693
    """
    logits = at_least_fp32(logits)
    largest = logits.amax(dim=-1, keepdim=True)
    largest = torch.where(largest.isfinite(), largest, 0.0)  # -inf - -inf would be nan
    return (logits - largest).exp().sum(dim=-1).log() + largest.squeeze(-1)


def log_softmax(logits: Float[Tensor, "*B V"]) -> Float[Tensor, "*B V"]:
    r"""Logarithm of the softmax, $(z_v - m) - \log \sum_u e^{z_u - m}$ with $m = \max_u z_u$.

    Args:
        logits: Unnormalised log-probabilities.

    Returns:
        Log-probabilities in nats, of the same shape.

    Example:
        >>> log_softmax(torch.tensor([10000.0, 10001.0]))
        tensor([-1.3133, -0.3133])
    """
    logits = at_least_fp32(logits)
    shifted = logits - logits.amax(dim=-1, keepdim=True)
    return shifted - shifted.exp().sum(dim=-1, keepdim=True).log()


def softmax(logits: Float[Tensor, "*B V"], temperature: float = 1.0) -> Float[Tensor, "*B V"]:
    r"""Turn logits into probabilities: $p_v = e^{z_v/\tau} / \sum_u e^{z_u/\tau}$.

    Args:
        logits: Unnormalised log-probabilities.
        temperature: $\tau > 0$. Below 1 sharpens the distribution, above 1 flattens it.

    Returns:
        Probabilities that sum to one over the last dimension.

    Raises:
        ValueError: If the temperature is not positive.

    Example:
        >>> softmax(torch.tensor([0.0, 1.0]), temperature=0.5)
        tensor([0.1192, 0.8808])
    """
    if not temperature > 0:
        raise ValueError(f"temperature={temperature} must be greater than 0")
    logits = at_least_fp32(logits)
    powers = ((logits - logits.amax(dim=-1, keepdim=True)) / temperature).exp()
    return powers / powers.sum(dim=-1, keepdim=True)


def at_least_fp32(logits: Float[Tensor, "*B V"]) -> Float[Tensor, "*B V"]:
    """Widen half-precision logits, because a softmax in bf16 or fp16 is too inaccurate to score or choose by."""
    return logits.to(torch.promote_types(logits.dtype, torch.float32))


def entropy(probabilities: Float[Tensor, "*B V"]) -> Float[Tensor, "*B"]:
    r"""Entropy $H(p) = -\sum_v p_v \log p_v$, with $0 \log 0 = 0$.

    Args:
        probabilities: Distributions over the last dimension.

    Returns:
        Nats.

    Example:
        >>> round(entropy(torch.tensor([0.5, 0.5])).item(), 4)  # one fair coin is log 2 nats
        0.6931
    """
    return -torch.xlogy(probabilities, probabilities).sum(dim=-1)


def kl_divergence(p: Float[Tensor, "*B V"], q: Float[Tensor, "*B V"]) -> Float[Tensor, "*B"]:
    r"""Kullback-Leibler divergence $D(p \| q) = \sum_v p_v \log (p_v / q_v)$.

    Args:
        p: The distribution that the outcomes come from.
        q: The distribution that is used to encode them.

    Returns:
        Nats; infinite if $q$ is zero somewhere that $p$ is not.

    Example:
        >>> kl_divergence(torch.tensor([1.0, 0.0]), torch.tensor([0.5, 0.5]))  # log 2
        tensor(0.6931)
    """
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(dim=-1)


def target_log_probs(logits: Float[Tensor, "*B V"], targets: Int[Tensor, "*B"]) -> Float[Tensor, "*B"]:
    r"""Log-probability of each target: $\log p_{n, y_n}$.

    Args:
        logits: Unnormalised log-probabilities.
        targets: The true class of each row, or ``IGNORE_ID`` for a row that is not scored.

    Returns:
        Nats; zero for a row that is not scored, so it adds nothing to a sum.

    Raises:
        ValueError: If a target on the CPU is neither a class nor ``IGNORE_ID``.

    Example:
        >>> target_log_probs(torch.zeros(2, 50), torch.tensor([7, IGNORE_ID]))  # -log 50 for the first
        tensor([-3.9120,  0.0000])
    """
    require_targets(targets, logits.shape[-1])
    ignored = targets == IGNORE_ID
    log_probs = log_softmax(logits).gather(-1, targets.masked_fill(ignored, 0).unsqueeze(-1)).squeeze(-1)
    return log_probs.masked_fill(ignored, 0)


def require_targets(targets: Int[Tensor, "*B"], vocab_size: int) -> None:
    """Check that every target is a class or ``IGNORE_ID``.

    In compiled code and on a GPU, the check is skipped, because it would wait for the device. There, the ``gather``
    that looks up the target's logit fails on an index out of bounds with PyTorch's own message.

    Args:
        targets: The true classes.
        vocab_size: Number of classes.

    Raises:
        ValueError: If a target is something else; the message names the first.
    """
    if torch.compiler.is_compiling() or targets.device.type != "cpu":
        return
    outside = ((targets < 0) | (targets >= vocab_size)) & (targets != IGNORE_ID)
    if outside.any():
        raise ValueError(
            f"targets has the id {targets[outside][0]}: it must be at least 0 and less than {vocab_size}, "
            f"or IGNORE_ID ({IGNORE_ID})"
        )


def cross_entropy(
    logits: Float[Tensor, "*B V"], targets: Int[Tensor, "*B"], label_smoothing: float = 0.0
) -> Float[Tensor, ""]:
    r"""Mean negative log-probability of the targets.

    $$-\frac{1}{N} \sum_n \Big[(1 - \varepsilon) \log p_{n, y_n} + \frac{\varepsilon}{V} \sum_v \log p_{nv}\Big]$$

    Args:
        logits: Unnormalised log-probabilities.
        targets: The true class of each row, or ``IGNORE_ID`` for a row that is not scored.
        label_smoothing: $\varepsilon \in [0, 1]$, the share of the target spread evenly over all classes.

    Returns:
        Nats per scored row.

    Raises:
        ValueError: If no row is scored, a target on the CPU is neither a class nor ``IGNORE_ID``, or the smoothing is
            not between 0 and 1.

    Source:
        Label smoothing: Szegedy et al. (2016), section 7.

    Example:
        >>> cross_entropy(torch.zeros(3, 50), torch.tensor([7, 8, IGNORE_ID]))  # log 50
        tensor(3.9120)
    """
    if not 0 <= label_smoothing <= 1:
        raise ValueError(f"label_smoothing={label_smoothing} must be between 0 and 1")
    require_targets(targets, logits.shape[-1])
    scored = targets != IGNORE_ID
    if not scored.any():
        raise ValueError(f"all {targets.numel()} targets are IGNORE_ID ({IGNORE_ID}): there is nothing to score")
    log_probs_NV = log_softmax(logits[scored])
    loss_N = -log_probs_NV.gather(-1, targets[scored].unsqueeze(-1)).squeeze(-1)
    if label_smoothing > 0:
        loss_N = (1 - label_smoothing) * loss_N - label_smoothing * log_probs_NV.mean(dim=-1)
    return loss_N.mean()
