"""Remove lines that came before in the corpus: menus, footers, notices that a site puts on every page."""

import hashlib
from collections.abc import Iterable, Iterator

import numpy as np
import regex

from lmkit.data.deduplication import SeenKeys

_NOT_COMPARED = regex.compile(r"[\p{P}\s]+")
_DIGIT = regex.compile(r"\d")


def remove_repeated_lines(documents: Iterable[str], *, minimum_chars: int = 10) -> Iterator[str]:
    r"""Remove each line that an earlier document, or the same one, has already had.

    Lines are compared as CCNet compares paragraphs: without case, punctuation and whitespace, and with 0 for every
    digit. Only 8 bytes are kept for each different line.

    Args:
        documents: The texts, taken one by one.
        minimum_chars: Shorter lines always stay: code and lists are full of them. It counts what is compared.

    Yields:
        The documents in which a line with any text is left.

    Raises:
        ValueError: If the number is less than 1.

    Source:
        Wenzek et al. (2020), section 3.1.

    Example:
        >>> list(remove_repeated_lines(["All rights reserved.\nA cat sat.", "A dog ran.\nAll rights reserved!"]))
        ['All rights reserved.\nA cat sat.', 'A dog ran.']
    """
    if minimum_chars < 1:
        raise ValueError(f"minimum_chars={minimum_chars} must be at least 1")
    seen = SeenKeys()
    for document in documents:
        lines = [line for line in document.split("\n") if _is_new(line, seen, minimum_chars)]
        if any(map(str.strip, lines)):
            yield "\n".join(lines)


def _is_new(line: str, seen: SeenKeys, minimum_chars: int) -> bool:
    compared = _DIGIT.sub("0", _NOT_COMPARED.sub("", line.lower()))
    if len(compared) < minimum_chars:
        return True
    digest = hashlib.blake2b(compared.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return seen.add_if_new(np.frombuffer(digest, dtype="<u8").astype(np.uint64))
