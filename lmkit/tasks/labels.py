"""The labels of examples: how often each comes, and which of them look like a mistake."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from lmkit.tasks.examples import LabelledPair, LabelledText, TaggedText

FEW_EXAMPLES = 5
"""A label with fewer examples is too rare to be learnt or judged."""

ALIKE = 0.7
"""From this share of common characters on, a rare label may be a typo of a frequent one."""

RARER = 10
"""A typo is at least so many times rarer than the label that was meant."""


def count_labels(examples: Sequence[Any]) -> dict[str, int]:
    """Count the labels of examples.

    Args:
        examples: Of any kind. The labels of a :class:`TaggedText` are those of its spans.

    Returns:
        How often each class comes, by name; empty where there are no classes.

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
    """Say which labels may be typos, and which are too rare.

    Args:
        counts: As from :func:`count_labels`.

    Returns:
        One sentence for each doubtful label.

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
            doubts.append(f"{examples}: too few to learn it or to judge it")
    return doubts


def _alike(label: str, other: str) -> float:
    return SequenceMatcher(None, label.strip().lower(), other.strip().lower()).ratio()
