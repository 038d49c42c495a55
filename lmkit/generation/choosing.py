"""Choosing the next token from logits: each public function is, or returns, a ``choose_next``."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor

from lmkit.functional import IGNORE_ID, softmax

ChooseNext = Callable[..., Tensor]
"""``choose_next(logits, *, token_ids=None, generator=None) -> ids``: the next token of each row of a batch.

The logits have shape "B V". ``token_ids`` has shape "B T": the prompt and all tokens generated so far, with
``IGNORE_ID`` at padding. ``generator`` is the source of randomness. Your own function may ignore the last two:
``def mine(logits, **_): ...``.
"""

_ROUNDING = 1e-6
"""Relative error allowed in a sum of fp32 probabilities: a sum that should be 0.8 may come out slightly smaller."""


def greedy(
    logits: Float[Tensor, "B V"],
    *,
    token_ids: Int[Tensor, "B T"] | None = None,
    generator: torch.Generator | None = None,
) -> Int[Tensor, " B"]:
    """Choose the most probable token.

    Args:
        logits: Unnormalised log-probabilities.
        token_ids: Not used.
        generator: Not used.

    Returns:
        One token per row; the first one if several are equally probable.

    Example:
        >>> greedy(torch.tensor([[0.1, 0.7, 0.2], [3.0, 1.0, 2.0]]))
        tensor([1, 0])
    """
    return logits.argmax(dim=-1)


def temperature(value: float) -> ChooseNext:
    r"""Sample from the whole distribution $\operatorname{softmax}(z / \tau)$.

    Args:
        value: $\tau > 0$. Below 1 likely tokens become more likely; as it approaches 0, this becomes :func:`greedy`.

    Returns:
        A ``choose_next``.

    Raises:
        ValueError: If the temperature is not positive.

    Example:
        >>> choose_next = temperature(0.01)  # low enough to be almost greedy
        >>> choose_next(torch.tensor([[1.0, 2.0, 3.0]]), generator=torch.Generator().manual_seed(0))
        tensor([2])
    """
    _require(value > 0, f"temperature={value} must be greater than 0")

    def choose(logits: Tensor, *, token_ids: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        return _draw(softmax(logits, value), generator)

    return choose


def top_k(k: int, *, temperature: float = 1.0) -> ChooseNext:
    """Sample among the ``k`` most probable tokens.

    Args:
        k: How many tokens to keep; more than the vocabulary has keeps all.
        temperature: Applied first.

    Returns:
        A ``choose_next``.

    Raises:
        ValueError: If ``k`` is less than 1 or the temperature is not positive.

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
        # The softmax and the draw work on k numbers per row, not on the whole vocabulary.
        best, ids = logits.topk(min(k, logits.shape[-1]))
        return _pick(ids, _draw(softmax(best, temperature), generator))

    return choose


def top_p(p: float, *, k: int | None = None, temperature: float = 1.0) -> ChooseNext:
    """Sample among the most probable tokens whose probabilities together reach ``p``.

    A confident model keeps few tokens, an uncertain one many. Also called nucleus sampling.

    Args:
        p: Above 0 and at most 1; 1 keeps all tokens. A sum that misses ``p`` by less than a millionth of it counts as
            reaching it, so that rounding adds no token.
        k: If given, only the ``k`` most probable tokens are considered, with their probabilities renormalised.
        temperature: Applied first.

    Returns:
        A ``choose_next``.

    Raises:
        ValueError: If ``p`` is not in (0, 1], ``k`` is less than 1, or the temperature is not positive.

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
            before = probs.cumsum(dim=-1) - probs  # total probability of all more probable tokens
            probs = probs.masked_fill(before >= p * (1 - _ROUNDING), 0)
        return _pick(ids, _draw(probs, generator))

    return choose


def min_p(p: float, *, temperature: float = 1.0) -> ChooseNext:
    """Sample among the tokens that are at least ``p`` times as probable as the most probable one.

    Args:
        p: Between 0, which keeps all tokens, and 1, which keeps only the most probable one.
        temperature: Applied first.

    Returns:
        A ``choose_next``.

    Raises:
        ValueError: If ``p`` is not in [0, 1] or the temperature is not positive.

    Source:
        Nguyen et al. (2025), section 3.

    Example:
        >>> choose_next, logits = min_p(0.5), torch.tensor([[0.5, 0.3, 0.15, 0.05]]).log()
        >>> generator = torch.Generator().manual_seed(0)
        >>> sorted({choose_next(logits, generator=generator).item() for _ in range(50)})
        [0, 1]
    """
    _require(0 <= p <= 1, f"p={p} must be between 0 and 1")
    _require(temperature > 0, f"temperature={temperature} must be greater than 0")

    def choose(logits: Tensor, *, token_ids: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        probs = softmax(logits, temperature)
        return _draw(probs.masked_fill(probs < p * probs.amax(dim=-1, keepdim=True), 0), generator)

    return choose


def repetition_penalty(penalty: float, then: ChooseNext) -> ChooseNext:
    r"""Make every token that has already occurred less likely.

    A positive logit is divided by $\theta$, a negative one is multiplied by it.

    Args:
        penalty: $\theta > 0$; 1 changes nothing, the paper uses 1.2.
        then: Chooses from the changed logits.

    Returns:
        A ``choose_next``. It raises a ``ValueError`` if it is called without ``token_ids``.

    Raises:
        ValueError: If the penalty is not positive.

    Source:
        Keskar et al. (2019), section 4.1. The paper does not treat negative logits; multiplying them is our choice.

    Example:
        >>> choose_next = repetition_penalty(1.2, then=greedy)
        >>> choose_next(torch.tensor([[2.0, 1.9, 0.0]]), token_ids=torch.tensor([[0, 2]]))  # 2.0 / 1.2 is less than 1.9
        tensor([1])
    """
    _require(penalty > 0, f"penalty={penalty} must be greater than 0")

    def choose(logits: Tensor, *, token_ids: Tensor | None = None, generator: torch.Generator | None = None) -> Tensor:
        if token_ids is None:
            raise ValueError("token_ids is None: a repetition penalty needs the tokens so far")
        is_real = token_ids != IGNORE_ID
        counts = torch.zeros_like(logits).scatter_add(1, token_ids.masked_fill(~is_real, 0), is_real.to(logits.dtype))
        penalised = torch.where(logits > 0, logits / penalty, logits * penalty)
        return then(torch.where(counts > 0, penalised, logits), token_ids=token_ids, generator=generator)

    return choose


def require_prompt(prompt_ids: Shaped[Tensor, "B T"]) -> None:
    """Raise a ``ValueError`` if the prompts have no tokens."""
    _require(
        prompt_ids.shape[1] > 0, "prompt_ids has no tokens: give at least one to start from, such as the end of text"
    )


def _draw(probabilities: Tensor, generator: torch.Generator | None) -> Tensor:
    """Draw one column per row with probabilities proportional to its entries."""
    return torch.multinomial(probabilities, 1, generator=generator).squeeze(-1)


def _pick(ids: Tensor, columns: Tensor) -> Tensor:
    """Select the id in the given column of each row."""
    return ids.gather(-1, columns.unsqueeze(-1)).squeeze(-1)


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)
