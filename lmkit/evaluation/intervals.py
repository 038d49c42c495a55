"""How sure a number is: bootstrap intervals, and tests of whether one system is better than another.

All of them take the examples of a test set as a sample of those that might have been drawn, and know nothing of other
sources of chance, such as the seed that a model was trained with.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import torch

Statistic = Callable[[Sequence[Any]], float]
"""A number computed from examples, such as the mean of their scores."""

_ROUNDING = 1e-9
"""Differences that are equal but for rounding count as equal: share of the observed one."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A number with the bounds between which it is known.

    Args:
        value: The number.
        low: Lower bound.
        high: Upper bound.
        level: Share of samples in which such bounds enclose the true value.

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
    """Percentile interval of any number over examples.

    The number is computed on many samples of as many examples, drawn with replacement; the interval holds the middle
    share of the results. With fewer than some twenty examples it is too narrow.

    Args:
        examples: One entry per example: its score, or whatever the statistic takes, such as sentences' BLEU parts.
        statistic: Computes the number; the mean, unless said otherwise.
        generator: Source of the resamples.
        level: Share of samples whose interval should enclose the true value.
        num_resamples: How many samples to draw.

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
        difference: First system's score minus the second's, with its bootstrap interval.
        p_value: How likely a difference at least as large in either direction would be if the systems were equal.

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

    With resampled differences $d_1, \dots, d_R$, whose mean is close to the observed difference d, the chance of a
    difference that large between equal systems is $p = \frac{1 + |\{r : |d_r - \bar d| \ge |d|\}|}{1 + R}$.
    A few pairs that happen to agree have resamples that hardly differ, and would look significant. Equal systems
    decide all of n pairs in favour of the same one with probability $2^{1-n}$, so p is never less than that.

    Args:
        first: One entry per example of the one system.
        second: The other system's entries for the same examples, in the same order.
        statistic: Computes a system's score; the mean, unless said otherwise.
        generator: Source of the resamples.
        level: Share of samples whose interval should enclose the true difference.
        num_resamples: How many samples to draw.

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
    """Test whether two systems differ, by exchanging their outputs (approximate randomisation).

    If the systems were equal, it would not matter which of them wrote which of an example's two outputs. So the outputs
    of each example are exchanged or not by a coin flip, and the p-value is the share of flips with a
    difference at least as large as the observed one, which counts as one more flip. Nothing is assumed of how
    scores are distributed.

    Args:
        first: One entry per example of the one system.
        second: The other system's entries for the same examples, in the same order.
        statistic: Computes a system's score; the mean, unless said otherwise.
        generator: Source of the tosses.
        num_resamples: How often to toss for all examples.

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
        raise ValueError(f"first has {len(first)} examples and second {len(second)}; they must be the same ones")


def _check(num_examples: int, level: float, num_resamples: int) -> None:
    if num_examples == 0:
        raise ValueError("there are no examples to draw from")
    if not 0 < level < 1:
        raise ValueError(f"level={level} must be between 0 and 1")
    if num_resamples < 1:
        raise ValueError(f"num_resamples={num_resamples} must be at least 1")
