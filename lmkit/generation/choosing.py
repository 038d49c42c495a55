"""How the next token is chosen from logits: each function here is, or returns, a ``choose_next``."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lmkit.functional import IGNORE_ID, softmax

ChooseNext = Callable[..., Tensor]
"""``choose_next(logits, *, token_ids=None, generator=None) -> ids``: the next token of each row of a batch.

The logits have the shape "B V", the token ids, "B T", are what was read and written so far, with ``IGNORE_ID`` at
padding, and the generator is the source of randomness. A function of your own may ignore the last two:
``def mine(logits, **_): ...``.
"""

_ROUNDING = 1e-6
"""Probabilities in fp32 that should sum to 0.8 may sum to so much less, as a share."""


def greedy(
    logits: Float[Tensor, "B V"],
    *,
    token_ids: Int[Tensor, "B T"] | None = None,
    generator: torch.Generator | None = None,
) -> Int[Tensor, " B"]:
    """Choose the most probable token.

    Args:
        logits: Unnormalised log-probabilities.
        token_ids: Has no effect here.
        generator: Has no effect here.

    Returns:
        One token per row; of equal ones the first.

    Example:
        >>> greedy(torch.tensor([[0.1, 0.7, 0.2], [3.0, 1.0, 2.0]]))
        tensor([1, 0])
    """
    return logits.argmax(dim=-1)


def temperature(value: float) -> ChooseNext:
    r"""Draw from the whole distribution $\operatorname{softmax}(z / \tau)$.

    Args:
        value: $\tau > 0$. Below 1 likely tokens become more likely; towards 0 this becomes :func:`greedy`.

    Returns:
        A ``choose_next``.

    Example:
        >>> choose_next = temperature(0.01)  # so low that it is all but greedy
        >>> choose_next(torch.tensor([[1.0, 2.0, 3.0]]), generator=torch.Generator().manual_seed(0))
        tensor([2])
    """
    _require(value > 0, f"temperature={value} must be greater than 0")

    def choose(logits: Tensor, *, token_ids: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        return _draw(softmax(logits, value), generator)

    return choose


def top_k(k: int, *, temperature: float = 1.0) -> ChooseNext:
    """Draw among the ``k`` most probable tokens.

    Args:
        k: How many.
        temperature: Applied first.

    Returns:
        A ``choose_next``.

    Source:
        Fan et al. (2018), section 5.

    Example:
        >>> choose_next, logits = top_k(2), torch.tensor([[0.0, 9.0, 8.0, 1.0]])
        >>> generator = torch.Generator().manual_seed(0)
        >>> sorted({choose_next(logits, generator=generator).item() for _ in range(50)})
        [1, 2]
    """
    _require(k >= 1, f"k={k} must be at least 1")
    _require(temperature > 0, f"temperature={temperature} must be greater than 0")

    def choose(logits: Tensor, *, token_ids: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        # Softmax and draw see k numbers per row, not the whole vocabulary.
        best, ids = logits.topk(min(k, logits.shape[-1]))
        return _pick(ids, _draw(softmax(best, temperature), generator))

    return choose


def top_p(p: float, *, k: int | None = None, temperature: float = 1.0) -> ChooseNext:
    """Draw among the most probable tokens that together have a probability of at least ``p``.

    Where the model is sure these are few, where it is not they are many. Also called nucleus sampling.

    Args:
        p: Above 0 and at most 1, which leaves all tokens. A set that falls short of ``p`` by a millionth, as through
            rounding, has reached it.
        k: If given, only the ``k`` most probable tokens are looked at, with their probabilities made to sum to one.
        temperature: Applied first.

    Returns:
        A ``choose_next``.

    Source:
        Holtzman et al. (2020), section 3.1.

    Example:
        >>> choose_next, logits = top_p(0.9), torch.tensor([[0.5, 0.3, 0.15, 0.05]]).log()
        >>> generator = torch.Generator().manual_seed(0)
        >>> sorted({choose_next(logits, generator=generator).item() for _ in range(100)})  # 0.5 + 0.3 is less than 0.9
        [0, 1, 2]
    """
    _require(0 < p <= 1, f"p={p} must be greater than 0 and at most 1")
    _require(k is None or k >= 1, f"k={k} must be at least 1")
    _require(temperature > 0, f"temperature={temperature} must be greater than 0")

    def choose(logits: Tensor, *, token_ids: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        best, ids = logits.sort(dim=-1, descending=True) if k is None else logits.topk(min(k, logits.shape[-1]))
        probs = softmax(best, temperature)
        if p < 1:
            before = probs.cumsum(dim=-1) - probs  # of all more probable tokens together
            probs = probs.masked_fill(before >= p * (1 - _ROUNDING), 0)
        return _pick(ids, _draw(probs, generator))

    return choose


def min_p(p: float, *, temperature: float = 1.0) -> ChooseNext:
    """Draw among the tokens that are at least ``p`` times as probable as the most probable one.

    Args:
        p: At least 0 and at most 1; 1 leaves the most probable token alone.
        temperature: Applied first.

    Returns:
        A ``choose_next``.

    Source:
        Nguyen et al. (2025), section 3.

    Example:
        >>> choose_next, logits = min_p(0.5), torch.tensor([[0.5, 0.3, 0.15, 0.05]]).log()
        >>> generator = torch.Generator().manual_seed(0)
        >>> sorted({choose_next(logits, generator=generator).item() for _ in range(50)})
        [0, 1]
    """
    _require(0 <= p <= 1, f"p={p} must lie between 0 and 1")
    _require(temperature > 0, f"temperature={temperature} must be greater than 0")

    def choose(logits: Tensor, *, token_ids: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        probs = softmax(logits, temperature)
        return _draw(probs.masked_fill(probs < p * probs.amax(dim=-1, keepdim=True), 0), generator)

    return choose


def repetition_penalty(penalty: float, then: ChooseNext) -> ChooseNext:
    r"""Make every token that occurred before less likely: its logit is divided by $\theta$, or multiplied if negative.

    Args:
        penalty: $\theta$; 1 changes nothing, the paper takes 1.2.
        then: What chooses from the changed logits.

    Returns:
        A ``choose_next``.

    Source:
        Keskar et al. (2019), section 4.1, with negative logits multiplied, which the paper leaves open.

    Example:
        >>> choose_next = repetition_penalty(1.2, then=greedy)
        >>> choose_next(torch.tensor([[2.0, 1.9, 0.0]]), token_ids=torch.tensor([[0, 2]]))  # 2.0 / 1.2 is less than 1.9
        tensor([1])
    """
    _require(penalty > 0, f"penalty={penalty} must be greater than 0")

    def choose(logits: Tensor, *, token_ids: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        if token_ids is None:
            raise ValueError("token_ids is None: a repetition penalty needs what was written so far")
        is_real = token_ids != IGNORE_ID
        counts = torch.zeros_like(logits).scatter_add(1, token_ids.masked_fill(~is_real, 0), is_real.to(logits.dtype))
        penalised = torch.where(logits > 0, logits / penalty, logits * penalty)
        return then(torch.where(counts > 0, penalised, logits), token_ids=token_ids, generator=generator)

    return choose


def _draw(probabilities: Tensor, generator: torch.Generator | None) -> Tensor:
    """Draw one column per row, in proportion to the numbers in it."""
    return torch.multinomial(probabilities, 1, generator=generator).squeeze(-1)


def _pick(ids: Tensor, columns: Tensor) -> Tensor:
    """From each row of ids the one in that row's column."""
    return ids.gather(-1, columns.unsqueeze(-1)).squeeze(-1)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)
