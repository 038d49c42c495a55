"""Metrics for classifiers: accuracy, scores per class, confusion matrix, calibration."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import eq
from typing import TypeVar

import torch
from jaxtyping import Float, Int
from torch import Tensor

from lmkit.evaluation.matches import ClassScores, Matches

_Label = TypeVar("_Label", str, int)  # the name or the id of a class


def accuracy(predictions: Sequence[_Label], targets: Sequence[_Label]) -> float:
    """Share of predictions that are correct.

    Args:
        predictions: Predicted classes.
        targets: True classes.

    Returns:
        Between 0 and 1.

    Raises:
        ValueError: If there is nothing to score or the lengths differ.

    Example:
        >>> accuracy(["good", "bad", "bad"], ["good", "bad", "good"])
        0.6666666666666666
    """
    _check_lengths(predictions, targets)
    return sum(map(eq, predictions, targets)) / len(targets)


def class_scores(
    predictions: Sequence[_Label], targets: Sequence[_Label], labels: Sequence[_Label] | None = None
) -> ClassScores:
    """Precision, recall and F1 of each class.

    The micro average over all classes equals the accuracy. It differs if ``labels`` omits a class, such as "none of
    these".

    Args:
        predictions: Predicted classes.
        targets: True classes.
        labels: The classes to score; ``None`` for all that occur, sorted.

    Returns:
        Scores by class, in the order of the labels.

    Raises:
        ValueError: If there is nothing to score or the lengths differ.

    Example:
        >>> scores = class_scores(["good", "bad", "bad"], ["good", "bad", "good"])
        >>> scores.by_class["bad"].precision, scores.by_class["bad"].recall
        (0.5, 1.0)
    """
    _check_lengths(predictions, targets)
    if labels is None:
        labels = sorted(set(predictions) | set(targets))
    matched = Counter(target for prediction, target in zip(predictions, targets, strict=True) if prediction == target)
    predicted, expected = Counter(predictions), Counter(targets)
    return ClassScores(
        by_class={
            label: Matches(num_matched=matched[label], num_predicted=predicted[label], num_expected=expected[label])
            for label in labels
        }
    )


def confusion_matrix(
    predictions: Sequence[_Label], targets: Sequence[_Label], labels: Sequence[_Label]
) -> Int[Tensor, "C C"]:
    """Count how often each class was predicted for each true class.

    Args:
        predictions: Predicted classes.
        targets: True classes.
        labels: All classes, in the order of the rows and columns.

    Returns:
        Number of examples by true class (row) and predicted class (column).

    Raises:
        ValueError: If there is nothing to score, the lengths differ, or a class is not among the labels.

    Example:
        >>> confusion_matrix(["good", "bad", "bad"], ["good", "bad", "good"], labels=["bad", "good"])
        tensor([[1, 0],
                [1, 1]])
    """
    _check_lengths(predictions, targets)
    positions = {label: position for position, label in enumerate(labels)}
    if unknown := {*predictions, *targets} - positions.keys():
        raise ValueError(f"labels={list(labels)} lacks the classes {sorted(unknown)}, which occur")
    matrix = torch.zeros(len(labels), len(labels), dtype=torch.long)
    for prediction, target in zip(predictions, targets, strict=True):
        matrix[positions[target], positions[prediction]] += 1
    return matrix


@dataclass(frozen=True, kw_only=True, eq=False)
class Calibration:
    r"""A reliability diagram: accuracy against confidence.

    Args:
        num_examples: Number of predictions whose confidence is in each bin $(\frac{b - 1}{B}, \frac{b}{B}]$.
        confidence: Their mean confidence; 0 in an empty bin.
        accuracy: The share of them that are correct; 0 in an empty bin.

    Example:
        >>> halves = Calibration(
        ...     num_examples=torch.tensor([2, 8]),
        ...     confidence=torch.tensor([0.4, 0.9]),
        ...     accuracy=torch.tensor([0.5, 0.75]),
        ... )
        >>> round(halves.expected_error, 3)
        0.14
    """

    num_examples: Int[Tensor, " bins"]
    confidence: Float[Tensor, " bins"]
    accuracy: Float[Tensor, " bins"]

    @property
    def expected_error(self) -> float:
        r"""Expected calibration error $\sum_b \frac{n_b}{N} |\text{acc}_b - \text{conf}_b|$, between 0 and 1."""
        gap = (self.accuracy - self.confidence).abs()
        return ((self.num_examples * gap).sum() / self.num_examples.sum()).item()


def calibration(probs: Float[Tensor, "N C"], targets: Int[Tensor, " N"], num_bins: int = 15) -> Calibration:
    """Group predictions by their confidence, the largest probability, and compute the accuracy of each group.

    Args:
        probs: Probability of each class.
        targets: True classes.
        num_bins: Number of bins of equal width between 0 and 1.

    Returns:
        The reliability diagram, whose property ``expected_error`` is the expected calibration error.

    Raises:
        ValueError: If there is nothing to score, no bin, or a row that is not a distribution.

    Source:
        Guo et al. (2017), equations 1 to 3, with their 15 bins as default.

    Example:
        >>> probs = torch.tensor([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.4, 0.6]])
        >>> calibration(probs, torch.tensor([0, 0, 1, 0]), num_bins=2).accuracy  # bins up to 0.5 and up to 1
        tensor([0.0000, 0.7500], dtype=torch.float64)
    """
    if len(targets) == 0:
        raise ValueError("targets is empty: there is nothing to score")
    if num_bins < 1:
        raise ValueError(f"num_bins={num_bins} must be at least 1")
    if (probs < 0).any() or not torch.allclose(sums := probs.sum(dim=-1), torch.ones_like(sums), atol=1e-4):
        raise ValueError("probs has a row with a negative entry or a sum other than 1; give probabilities, not logits")
    confidences, predictions = probs.double().max(dim=-1)
    inner_edges = torch.linspace(0, 1, num_bins + 1, dtype=torch.float64, device=probs.device)[1:-1]
    bins = torch.bucketize(confidences, inner_edges)
    num_examples = torch.bincount(bins, minlength=num_bins)
    correct = (predictions == targets).double()
    return Calibration(
        num_examples=num_examples,
        confidence=torch.bincount(bins, weights=confidences, minlength=num_bins) / num_examples.clamp(min=1),
        accuracy=torch.bincount(bins, weights=correct, minlength=num_bins) / num_examples.clamp(min=1),
    )


def _check_lengths(predictions: Sequence[object], targets: Sequence[object]) -> None:
    if len(predictions) != len(targets):
        raise ValueError(f"predictions has {len(predictions)} entries and targets {len(targets)}; give one for each")
    if not targets:
        raise ValueError("targets is empty: there is nothing to score")
