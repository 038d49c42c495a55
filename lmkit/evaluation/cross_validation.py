"""Cross-validation: every example is used for training and, by a model that has not seen it, for the test."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import NamedTuple

import torch


class Fold(NamedTuple):
    """One division of the examples into training and test examples.

    Attributes:
        train: Numbers of the examples to train on, in ascending order.
        test: Numbers of the examples to test on, in ascending order.

    Example:
        >>> Fold(train=[1, 2], test=[0]).test
        [0]
    """

    train: list[int]
    test: list[int]


def k_fold(
    num_examples: int, num_folds: int, *, generator: torch.Generator, labels: Sequence[str | int] | None = None
) -> list[Fold]:
    """Divide examples at random so that each is in the test part of exactly one fold.

    Args:
        num_examples: How many examples there are.
        num_folds: How many folds to make; the test parts differ by one example at most.
        generator: Source of the order.
        labels: Class of each example; given them, each class too is spread evenly over the folds (stratified).

    Returns:
        The folds.

    Raises:
        ValueError: If there are fewer than two folds, more folds than examples, or not one label for each example.

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
        # Dealt class by class, as cards are dealt to players.
        classes = {label: number for number, label in enumerate(dict.fromkeys(labels))}
        order.sort(key=lambda example: classes[labels[example]])
    return [
        Fold(
            train=sorted(example for place, example in enumerate(order) if place % num_folds != number),
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
        """How far the folds' scores lie from their mean.

        Not to be divided by the root of the number of folds: folds share training examples, so that their scores
        are not independent, and no unbiased estimate of the mean's error exists (Bengio and Grandvalet 2004).
        """
        return stdev(self.scores)


def cross_validate(train_and_score: Callable[[list[int], list[int]], float], folds: Sequence[Fold]) -> CrossValidation:
    """Train and score once per fold.

    Args:
        train_and_score: Called with the numbers of the examples to train on and of those to test on. It must begin
            with a new model each time.
        folds: As from :func:`k_fold`, at least two.

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
