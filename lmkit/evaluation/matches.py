"""Precision, recall and F1 of anything that can be counted: classes, entities, words or n-grams."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Matches:
    r"""Counts of matched, predicted and expected items. Adding two gives the counts of both together.

    $P = \frac{\text{matched}}{\text{predicted}}, \quad R = \frac{\text{matched}}{\text{expected}}, \quad
    F_1 = \frac{2 P R}{P + R}$; each is 0 if its denominator is 0.

    Args:
        num_matched: Number of items that were predicted and are correct.
        num_predicted: Number of predicted items.
        num_expected: Number of items that should have been predicted.

    Example:
        >>> two_of_four = Matches(num_matched=2, num_predicted=4, num_expected=2)
        >>> two_of_four.precision, two_of_four.recall, round(two_of_four.f1, 3)
        (0.5, 1.0, 0.667)
    """

    num_matched: int
    num_predicted: int
    num_expected: int

    @property
    def precision(self) -> float:
        """Share of the predicted items that are correct."""
        return self.num_matched / self.num_predicted if self.num_predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the expected items that were predicted."""
        return self.num_matched / self.num_expected if self.num_expected else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.num_matched / (self.num_predicted + self.num_expected) if self.num_matched else 0.0

    def __add__(self, other: "Matches") -> "Matches":
        return Matches(
            num_matched=self.num_matched + other.num_matched,
            num_predicted=self.num_predicted + other.num_predicted,
            num_expected=self.num_expected + other.num_expected,
        )


NO_MATCHES = Matches(num_matched=0, num_predicted=0, num_expected=0)


def count_matches(predicted: Counter[Any], expected: Counter[Any]) -> Matches:
    """Count the items that two multisets have in common.

    Args:
        predicted: How often each item was predicted.
        expected: How often each item should have been predicted.

    Returns:
        The matches.

    Example:
        >>> count_matches(Counter("aab"), Counter("abb"))
        Matches(num_matched=2, num_predicted=3, num_expected=3)
    """
    return Matches(
        num_matched=(predicted & expected).total(), num_predicted=predicted.total(), num_expected=expected.total()
    )


@dataclass(frozen=True, kw_only=True)
class ClassScores:
    """Precision, recall and F1 of each class, and their averages.

    The micro average adds up the counts of all classes, so frequent classes weigh more. The macro average is the mean
    of the classes' scores, so all classes weigh the same.

    Args:
        by_class: The matches of each class.

    Example:
        >>> good = Matches(num_matched=8, num_predicted=10, num_expected=10)
        >>> bad = Matches(num_matched=0, num_predicted=0, num_expected=2)
        >>> scores = ClassScores(by_class={"good": good, "bad": bad})
        >>> round(scores.micro.f1, 3), scores.macro_f1
        (0.727, 0.4)
    """

    by_class: Mapping[Hashable, Matches]

    @property
    def micro(self) -> Matches:
        """The summed counts of all classes."""
        return sum(self.by_class.values(), start=NO_MATCHES)

    @property
    def macro_precision(self) -> float:
        """Mean precision of the classes; 0 if there are none."""
        return fmean(matches.precision for matches in self.by_class.values()) if self.by_class else 0.0

    @property
    def macro_recall(self) -> float:
        """Mean recall of the classes; 0 if there are none."""
        return fmean(matches.recall for matches in self.by_class.values()) if self.by_class else 0.0

    @property
    def macro_f1(self) -> float:
        """Mean F1 of the classes; 0 if there are none."""
        return fmean(matches.f1 for matches in self.by_class.values()) if self.by_class else 0.0
