"""Training, validation and test documents, without leakage from one to another."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

SplitName = Literal["train", "validation", "test"]


@dataclass(frozen=True, kw_only=True)
class Split:
    """The documents of a corpus, each in exactly one part.

    Args:
        train: Documents to fit parameters on.
        validation: Documents to make choices on: when to stop, which setting is best.
        test: Documents to measure the final score on, once.

    Example:
        >>> split = Split(train=["one", "two"], test=["three"])
        >>> len(split.train), split.validation
        (2, [])
    """

    train: list[str] = field(default_factory=list)
    validation: list[str] = field(default_factory=list)
    test: list[str] = field(default_factory=list)


def split_documents(documents: Iterable[str], *, validation: float = 0.1, test: float = 0.1, seed: int = 0) -> Split:
    """Split a corpus by the content of each document.

    A hash of the text maps each document to a number in $[0, 1)$, which decides its part. So equal documents always
    end up in the same part, and adding documents later does not move any of the others. Near-duplicates can still end
    up in different parts: remove them first, with ``clean_corpus``.

    Args:
        documents: The texts.
        validation: Expected share of documents for validation.
        test: Expected share of documents for testing.
        seed: Chooses among the many possible splits.

    Returns:
        The three parts, each in corpus order.

    Raises:
        ValueError: If a share is negative, or the two leave nothing to train on.

    Example:
        >>> split = split_documents(["one", "two", "three", "two"], validation=0.5, test=0.0)
        >>> split.train, split.validation, split.test
        (['two', 'two'], ['one', 'three'], [])
    """
    split = Split()
    for document in documents:
        getattr(split, _part_of(document, validation, test, seed)).append(document)
    return split


def is_in_split(document: str, name: SplitName, *, validation: float = 0.1, test: float = 0.1, seed: int = 0) -> bool:
    """Tell whether :func:`split_documents` puts a document into a part, for corpora that do not fit in memory.

    Args:
        document: The text.
        name: The part: ``"train"``, ``"validation"`` or ``"test"``.
        validation: Expected share of documents for validation.
        test: Expected share of documents for testing.
        seed: Chooses among the many possible splits.

    Returns:
        ``True`` for exactly one of the three names.

    Raises:
        ValueError: If a share is negative, the two leave nothing to train on, or there is no such part.

    Example:
        >>> [text for text in ("one", "two", "three") if is_in_split(text, "validation", validation=0.5, test=0.0)]
        ['one', 'three']
    """
    if name not in get_args(SplitName):
        raise ValueError(f"name={name!r} must be one of {get_args(SplitName)}")
    return _part_of(document, validation, test, seed) == name


def _part_of(document: str, validation: float, test: float, seed: int) -> SplitName:
    for name, share in (("validation", validation), ("test", test)):
        if not 0 <= share < 1:
            raise ValueError(f"{name}={share} must be at least 0 and less than 1")
    if validation + test >= 1:
        raise ValueError(f"validation={validation} and test={test} must sum to less than 1")
    position = _unit_hash(document, seed)
    if position < test:
        return "test"
    return "validation" if position < test + validation else "train"


def _unit_hash(document: str, seed: int) -> float:
    """Map a text to a number in [0, 1) that depends on each of its characters."""
    data = document.encode("utf-8", "surrogatepass")
    digest = hashlib.blake2b(data, digest_size=8, key=str(seed).encode()).digest()
    return int.from_bytes(digest, "big") / 2**64
