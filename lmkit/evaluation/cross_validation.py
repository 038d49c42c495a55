"""Cross-validation: every example is used for training and, with a model that has not seen it, for testing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import NamedTuple

import torch


class Fold(NamedTuple):
    """One split of the examples into training and test examples.

    Attributes:
        train: Indices of the training examples, in ascending order.
        test: Indices of the test examples, in ascending order.

    Example:
        >>> Fold(train=[1, 2], test=[0]).test
        [0]
    """

    train: list[int]
    test: list[int]


def k_fold(
    num_examples: int, num_folds: int, *, generator: torch.Generator, labels: Sequence[str | int] | None = None
) -> list[Fold]:
    """Split examples at random so that each is a test example of exactly one fold.

    Args:
        num_examples: Number of examples.
        num_folds: Number of folds; their test sets differ in size by at most one.
        generator: Source of randomness for the order.
        labels: The class of each example. If given, each class is spread evenly over the folds (stratified).

    Returns:
        The folds.

    Raises:
        ValueError: If there are fewer than two folds, more folds than examples, or not one label per example.

    Example:
        >>> for fold in k_fold(4, num_folds=2, generator=torch.Generator().manual_seed(0)):
        ...     print(fold)
        Fold(train=[1, 2], test=[0, 3])
        Fold(train=[0, 3], test=[1, 2])
    """
    if not 2 <= num_folds <= num_examples:
        raise ValueError(f"num_folds={num_folds} must be between 2 and num_examples={num_examples}")
    if labels is not None and len(labels) != num_examples:
        raise ValueError(f"labels has {len(labels)} entries; give one for each of num_examples={num_examples}")
    order = torch.randperm(num_examples, generator=generator).tolist()
    if labels is not None:
        # The order is shuffled within each class; the folds then take every num_folds-th example.
        classes = {label: number for number, label in enumerate(dict.fromkeys(labels))}
        order.sort(key=lambda example: classes[labels[example]])
    return [
        Fold(
            train=sorted(example for position, example in enumerate(order) if position % num_folds != number),
            test=sorted(order[number::num_folds]),
        )
        for number in range(num_folds)
    ]


@dataclass(frozen=True, kw_only=True)
class CrossValidation:
    """The scores of all folds.

    Args:
        scores: One per fold.

    Example:
        >>> scores = CrossValidation(scores=(0.5, 0.75, 1.0))
        >>> scores.mean, scores.standard_deviation
        (0.75, 0.25)
    """

    scores: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean score of the folds."""
        return fmean(self.scores)

    @property
    def standard_deviation(self) -> float:
        """Standard deviation of the folds' scores.

        Do not divide it by the square root of the number of folds: folds share training examples, so their scores are
        not independent, and the variance of the mean has no unbiased estimate (Bengio and Grandvalet 2004).
        """
        return stdev(self.scores)


def cross_validate(train_and_score: Callable[[list[int], list[int]], float], folds: Sequence[Fold]) -> CrossValidation:
    """Train and score once per fold.

    Args:
        train_and_score: Called with the indices of the training and of the test examples. It must start from a new
            model each time.
        folds: At least two folds, from :func:`k_fold`.

    Returns:
        The scores, their mean and spread.

    Raises:
        ValueError: If there are fewer than two folds.

    Source:
        Stone (1974).

    Example:
        >>> ages = [31.0, 35.0, 40.0, 42.0, 47.0, 51.0]
        >>> def error_of_the_mean(train, test):
        ...     guess = fmean(ages[example] for example in train)
        ...     return fmean(abs(ages[example] - guess) for example in test)
        >>> folds = k_fold(6, num_folds=3, generator=torch.Generator().manual_seed(0))
        >>> round(cross_validate(error_of_the_mean, folds).mean, 1)
        7.2
    """
    if len(folds) < 2:
        raise ValueError(f"folds has {len(folds)} entries; give at least 2")
    return CrossValidation(scores=tuple(train_and_score(fold.train, fold.test) for fold in folds))
