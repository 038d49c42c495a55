"""Uncertainty of scores: bootstrap intervals, and tests of whether one system is better than another.

They measure one source of randomness, the choice of the test examples. They do not cover others, such as the seed that
a model was trained with.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import torch

Statistic = Callable[[Sequence[Any]], float]
"""``statistic(examples) -> number``, such as the mean of their scores."""

_ROUNDING = 1e-9
"""Relative tolerance for differences that are equal up to rounding."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A number with a confidence interval.

    Args:
        value: The number.
        low: Lower bound.
        high: Upper bound.
        level: The share of repeated samples whose interval would contain the true value.

    Example:
        >>> print(Interval(value=0.75, low=0.66, high=0.83, level=0.95))
        0.75 (95 % interval 0.66 to 0.83)
    """

    value: float
    low: float
    high: float
    level: float

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.value:.3g} (the same in all resamples, so no {100 * self.level:g} % interval)"
        return f"{self.value:.3g} ({100 * self.level:g} % interval {self.low:.3g} to {self.high:.3g})"


def bootstrap_interval(
    examples: Sequence[Any],
    statistic: Statistic = fmean,
    *,
    generator: torch.Generator,
    level: float = 0.95,
    num_resamples: int = 1000,
) -> Interval:
    """Percentile bootstrap interval of a statistic.

    The statistic is computed on many resamples of the same size, drawn with replacement. The interval contains the
    middle ``level`` of the results. With fewer than about twenty examples it is too narrow.

    Args:
        examples: One entry per example: its score, or what the statistic takes, such as a sentence's BLEU counts.
        statistic: Computes the number; by default the mean.
        generator: Source of randomness for the resamples.
        level: The share of repeated samples whose interval should contain the true value.
        num_resamples: Number of resamples.

    Returns:
        The number and its interval.

    Raises:
        ValueError: If there is no example, the level is not between 0 and 1, or there are no resamples.

    Source:
        Efron and Tibshirani (1993), section 13.3; for BLEU Koehn (2004).

    Example:
        >>> scores = [1.0, 0.0, 1.0, 1.0] * 25
        >>> print(bootstrap_interval(scores, generator=torch.Generator().manual_seed(0)))
        0.75 (95 % interval 0.66 to 0.83)
    """
    _check(len(examples), level, num_resamples)
    values = [
        statistic([examples[index] for index in indices])
        for indices in _resamples(len(examples), num_resamples, generator)
    ]
    return _percentile_interval(statistic(examples), values, level)


@dataclass(frozen=True, kw_only=True)
class PairedComparison:
    """How much better one system is than another on the same examples.

    Args:
        difference: The first system's score minus the second's, with its bootstrap interval.
        p_value: Probability of a difference at least as large in either direction if the systems were equally good.

    Example:
        >>> better = PairedComparison(difference=Interval(value=0.1, low=0.02, high=0.18, level=0.95), p_value=0.01)
        >>> better.difference.low > 0
        True
    """

    difference: Interval
    p_value: float


def paired_bootstrap(
    first: Sequence[Any],
    second: Sequence[Any],
    statistic: Statistic = fmean,
    *,
    generator: torch.Generator,
    level: float = 0.95,
    num_resamples: int = 1000,
) -> PairedComparison:
    r"""Compare two systems on the same resamples of the same examples.

    The resampled differences $d_1, \dots, d_R$ are centred at their mean $\bar d$ and compared with the observed
    difference d: $p = \frac{1 + |\{r : |d_r - \bar d| \ge |d|\}|}{1 + R}$. A few pairs that happen to agree have
    nearly equal resamples and would look significant. But two equally good systems favour the same one on all n pairs
    with probability $2^{1-n}$, so p is never set below that.

    Args:
        first: The first system's entry for each example.
        second: The second system's entries for the same examples, in the same order.
        statistic: Computes a system's score; by default the mean.
        generator: Source of randomness for the resamples.
        level: The share of repeated samples whose interval should contain the true difference.
        num_resamples: Number of resamples.

    Returns:
        The difference, its interval and the two-sided p-value.

    Raises:
        ValueError: If there is no example, the lengths differ, the level is not between 0 and 1, or there are no
            resamples.

    Source:
        Koehn (2004), section 4; the p-value as in Riezler and Maxwell (2005), section 2.3, and sacrebleu, whose
        p-value has no lower bound for few pairs.

    Example:
        >>> first, second = [1.0] * 10 + [0.0] * 10, [0.0] * 20
        >>> comparison = paired_bootstrap(first, second, generator=torch.Generator().manual_seed(0), num_resamples=200)
        >>> comparison.difference.value, comparison.p_value < 0.05
        (0.5, True)
        >>> paired_bootstrap([1.0] * 3, [0.0] * 3, generator=torch.Generator().manual_seed(0)).p_value
        0.25
    """
    _check_pairs(first, second)
    _check(len(first), level, num_resamples)
    observed = statistic(first) - statistic(second)
    differences = [
        statistic([first[index] for index in indices]) - statistic([second[index] for index in indices])
        for indices in _resamples(len(first), num_resamples, generator)
    ]
    center = fmean(differences)
    return PairedComparison(
        difference=_percentile_interval(observed, differences, level),
        p_value=max(_p_value([difference - center for difference in differences], observed), 2.0 ** (1 - len(first))),
    )


def permutation_test(
    first: Sequence[Any],
    second: Sequence[Any],
    statistic: Statistic = fmean,
    *,
    generator: torch.Generator,
    num_resamples: int = 1000,
) -> float:
    """Test whether two systems differ by swapping their outputs at random (approximate randomisation).

    If the systems were equally good, swapping their two outputs for an example would change nothing on average. So the
    outputs of each example are swapped or not by a coin flip. The p-value is the share of such rounds with a difference
    at least as large as the observed one; the observed difference counts as one more round. The test assumes nothing
    about the distribution of the scores.

    Args:
        first: The first system's entry for each example.
        second: The second system's entries for the same examples, in the same order.
        statistic: Computes a system's score; by default the mean.
        generator: Source of randomness for the coin flips.
        num_resamples: Number of rounds.

    Returns:
        The two-sided p-value, at least ``1 / (num_resamples + 1)``.

    Raises:
        ValueError: If there is no example, the lengths differ, or there are no resamples.

    Source:
        Noreen (1989); Riezler and Maxwell (2005), section 2.3.

    Example:
        >>> better, worse = [1.0] * 10, [0.0] * 10
        >>> permutation_test(better, worse, generator=torch.Generator().manual_seed(0)) < 0.01
        True
    """
    _check_pairs(first, second)
    _check(len(first), 0.5, num_resamples)
    pairs = list(zip(first, second, strict=True))
    differences = []
    for _ in range(num_resamples):
        swaps = torch.randint(2, (len(pairs),), generator=generator).tolist()
        differences.append(
            statistic([pair[swap] for pair, swap in zip(pairs, swaps, strict=True)])
            - statistic([pair[1 - swap] for pair, swap in zip(pairs, swaps, strict=True)])
        )
    return _p_value(differences, statistic(first) - statistic(second))


def _resamples(num_examples: int, num_resamples: int, generator: torch.Generator) -> Iterator[list[int]]:
    for _ in range(num_resamples):
        yield torch.randint(num_examples, (num_examples,), generator=generator).tolist()


def _percentile_interval(value: float, values: list[float], level: float) -> Interval:
    tails = torch.tensor([(1 - level) / 2, (1 + level) / 2], dtype=torch.float64)
    low, high = torch.tensor(values, dtype=torch.float64).quantile(tails).tolist()
    return Interval(value=value, low=low, high=high, level=level)


def _p_value(differences: list[float], observed: float) -> float:
    at_least = abs(observed) * (1 - _ROUNDING)
    return (1 + sum(abs(difference) >= at_least for difference in differences)) / (1 + len(differences))


def _check_pairs(first: Sequence[Any], second: Sequence[Any]) -> None:
    if len(first) != len(second):
        raise ValueError(f"first has {len(first)} examples and second {len(second)}; give both the same examples")


def _check(num_examples: int, level: float, num_resamples: int) -> None:
    if num_examples == 0:
        raise ValueError("there are no examples: give at least one")
    if not 0 < level < 1:
        raise ValueError(f"level={level} must be between 0 and 1")
    if num_resamples < 1:
        raise ValueError(f"num_resamples={num_resamples} must be at least 1")
