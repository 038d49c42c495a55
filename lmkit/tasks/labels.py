"""The labels of examples: how often each occurs, and which look like mistakes."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from lmkit.tasks.examples import LabelledPair, LabelledText, TaggedText

FEW_EXAMPLES = 5
"""A label with fewer examples is too rare to learn or to evaluate."""

ALIKE = 0.7
"""If a rare and a frequent label are at least this similar (``SequenceMatcher.ratio``), the rare one may be a typo."""

RARER = 10
"""A typo is at least this many times rarer than the intended label."""


def count_labels(examples: Sequence[Any]) -> dict[str, int]:
    """Count the labels of examples.

    Args:
        examples: Examples of any kind. The labels of a :class:`TaggedText` are those of its spans.

    Returns:
        How often each class occurs, sorted by name; empty if there are no classes.

    Example:
        >>> count_labels([LabelledText(text="Fine.", label="good"), LabelledText(text="Oh!", label="bad")])
        {'bad': 1, 'good': 1}
    """
    counts = Counter[str]()
    for example in examples:
        match example:
            case LabelledText(label=label) | LabelledPair(label=str() as label):
                counts[label] += 1
            case TaggedText(spans=spans):
                counts.update(span.label for span in spans)
    return dict(sorted(counts.items()))


def doubtful_labels(counts: dict[str, int]) -> list[str]:
    """Describe which labels may be typos and which are too rare.

    Args:
        counts: How often each label occurs, from :func:`count_labels`.

    Returns:
        One sentence per doubtful label.

    Example:
        >>> doubtful_labels({"bad": 30, "godo": 1, "good": 31})
        ["label 'godo' has 1 example and looks like 'good', which has 31"]
    """
    doubts = []
    for label, count in counts.items():
        examples = f"label {label!r} has {count} example{'s' * (count != 1)}"
        meant = [other for other in counts if counts[other] >= RARER * count and _alike(label, other) >= ALIKE]
        if meant:
            best = max(meant, key=lambda other: _alike(label, other))
            doubts.append(f"{examples} and looks like {best!r}, which has {counts[best]:,}")
        elif count < FEW_EXAMPLES:
            doubts.append(f"{examples}: too few to learn or to evaluate it")
    return doubts


def _alike(label: str, other: str) -> float:
    return SequenceMatcher(None, label.strip().lower(), other.strip().lower()).ratio()
