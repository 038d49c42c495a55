r"""Cleaning steps that drop duplicates and near-duplicates of earlier texts.

Two texts are near-duplicates if the sets $A, B$ of their *shingles*, runs of a few words, overlap:
the Jaccard similarity $s = |A \cap B| / |A \cup B|$ is high. A hash function that puts all shingles in random order
has its minimum over $A$ and over $B$ at the same shingle with probability exactly $s$. MinHash keeps the minima of many
such functions. Locality-sensitive hashing splits them into $b$ bands of $r$ minima and calls two texts near-duplicates
if all minima of some band agree, which has probability $1 - (1 - s^r)^b$. So each text needs only $b$ lookups, no
matter how many other texts there are.
"""

import hashlib
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, runtime_checkable

import numpy as np
import regex
from jaxtyping import UInt64

LATEST_KEYS = 100_000
_WORD = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]|\w+")


@runtime_checkable
class Deduplication(Protocol):
    """A way to detect duplicates: a text is dropped if it shares a key with a text that was kept.

    Example:
        >>> from dataclasses import dataclass
        >>> from lmkit.data import clean_corpus
        >>> @dataclass(frozen=True)
        ... class SameStart:  # a step of your own: texts that start with the same 20 characters are duplicates
        ...     def keys(self, document):
        ...         return np.array([zlib.crc32(document[:20].encode())], dtype=np.uint64)
        >>> isinstance(SameStart(), Deduplication)
        True
        >>> clean_corpus(["Once upon a time there was a kite.", "Once upon a time there was a drum."], [SameStart()])[0]
        ['Once upon a time there was a kite.']
    """

    def keys(self, document: str) -> UInt64[np.ndarray, " K"]:
        """Return the keys of a text: always the same number of keys, and the same keys on every machine."""


@dataclass(frozen=True, kw_only=True)
class ExactDuplicates:
    """Drop a text that is equal to an earlier one.

    Example:
        >>> from lmkit.data import clean_corpus
        >>> clean_corpus(["one", "two", "one"], [ExactDuplicates()])[0]
        ['one', 'two']
    """

    def keys(self, document: str) -> UInt64[np.ndarray, " K"]:
        """Hash the text.

        Args:
            document: The text.

        Returns:
            One 64-bit number.
        """
        return np.array([_hash(document.encode("utf-8", "surrogatepass"))], dtype=np.uint64)


@dataclass(frozen=True, kw_only=True)
class NearDuplicates:
    r"""Drop a text that shares most of its shingles with an earlier one.

    Args:
        num_bands: $b$.
        rows_per_band: $r$. With the defaults, a pair with $s = 0.75$ is found with probability 0.77.
        shingle_words: Words per shingle. A Chinese or Japanese character counts as a word.
        seed: Chooses the hash functions.

    To choose a similarity instead of bands and rows, see :meth:`from_threshold`.

    Raises:
        ValueError: If a number is less than 1.

    Source:
        MinHash: Broder (1997). Bands: Leskovec, Rajaraman and Ullman (2020), section 3.4. The default numbers are
        those of FineWeb: Penedo et al. (2024), section 3.4.

    Example:
        >>> [round(NearDuplicates().detection_probability(similarity), 2) for similarity in (0.5, 0.75, 0.9)]
        [0.05, 0.77, 1.0]
    """

    num_bands: int = 14
    rows_per_band: int = 8
    shingle_words: int = 5
    seed: int = 1

    @classmethod
    def from_threshold(cls, threshold: float, *, num_hashes: int = 112, **options: int) -> "NearDuplicates":
        r"""Choose bands and rows for a Jaccard similarity above which two texts count as near-duplicates.

        Of all pairs $b, r$ with $b r$ at most the number of hash functions, this takes the one with the lowest error
        probability if all similarities are equally common: the area under the detection probability below the
        threshold plus the area above it beyond the threshold, as in datasketch.

        Args:
            threshold: The similarity, between 0 and 1.
            num_hashes: The maximum number of hash functions; more of them make the step at the threshold steeper.
            options: ``shingle_words`` and ``seed``.

        Returns:
            The step.

        Raises:
            ValueError: If the threshold is not between 0 and 1, or there is no hash function.

        Example:
            >>> step = NearDuplicates.from_threshold(0.8)
            >>> step.num_bands, step.rows_per_band
            (9, 12)
        """
        if not 0 < threshold < 1:
            raise ValueError(f"threshold={threshold} must be greater than 0 and less than 1")
        if num_hashes < 1:
            raise ValueError(f"num_hashes={num_hashes} must be at least 1")
        similarities = (np.arange(1000) + 0.5) / 1000
        is_duplicate = similarities > threshold

        def error(bands: int, rows: int) -> float:
            found = 1 - (1 - similarities**rows) ** bands
            return float(np.where(is_duplicate, 1 - found, found).mean())

        pairs = [(bands, rows) for bands in range(1, num_hashes + 1) for rows in range(1, num_hashes // bands + 1)]
        bands, rows = min(pairs, key=lambda pair: error(*pair))
        return cls(num_bands=bands, rows_per_band=rows, **options)

    def __post_init__(self) -> None:
        """Check the numbers."""
        for name in ("num_bands", "rows_per_band", "shingle_words"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}={getattr(self, name)} must be at least 1")

    def detection_probability(self, similarity: float) -> float:
        r"""Compute the probability that a pair is found: $1 - (1 - s^r)^b$.

        Args:
            similarity: The Jaccard similarity $s$ of their shingles.

        Returns:
            A probability.
        """
        return 1 - (1 - similarity**self.rows_per_band) ** self.num_bands

    def shingles(self, document: str) -> set[str]:
        """Split a text into overlapping runs of words, ignoring case and punctuation.

        Args:
            document: The text.

        Returns:
            The set of runs; a text shorter than one run is one run.
        """
        words = _WORD.findall(document.lower()) or [document]
        last = max(len(words) - self.shingle_words, 0)
        return {" ".join(words[start : start + self.shingle_words]) for start in range(last + 1)}

    def keys(self, document: str) -> UInt64[np.ndarray, " K"]:
        """Hash each band of the text's MinHash.

        Args:
            document: The text.

        Returns:
            One 64-bit number per band.

        Raises:
            ImportError: If the extra ``lmkit-book[data]`` is not installed.
        """
        minhash = _empty_minhash(self.num_bands * self.rows_per_band, self.seed).copy()
        minhash.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in self.shingles(document)])
        bands = minhash.hashvalues.astype("<u8").reshape(self.num_bands, self.rows_per_band)
        return np.array(
            [_hash(number.to_bytes(4, "little") + band.tobytes()) for number, band in enumerate(bands)], dtype=np.uint64
        )


class SeenKeys:
    """The keys of all texts that were kept, in little more than 8 bytes per key.

    Most keys are in one sorted array; the latest ones are in a set, until there are enough of them for a new array.
    """

    def __init__(self) -> None:
        self._sorted = np.empty(0, dtype=np.uint64)
        self._latest: set[int] = set()

    def add_if_new(self, keys: UInt64[np.ndarray, " K"]) -> bool:
        """Check whether a text shares no key with earlier texts, and if so store its keys.

        Args:
            keys: The text's keys, as a :class:`Deduplication` returns them.

        Returns:
            Whether it is new.
        """
        values = keys.tolist()
        if not self._latest.isdisjoint(values) or self._in_sorted(keys):
            return False
        self._latest.update(values)
        if len(self._latest) > max(LATEST_KEYS, len(self._sorted) // 8):
            latest = np.fromiter(self._latest, dtype=np.uint64, count=len(self._latest))
            self._sorted = np.sort(np.concatenate([self._sorted, latest]))
            self._latest.clear()
        return True

    def _in_sorted(self, keys: UInt64[np.ndarray, " K"]) -> bool:
        if len(self._sorted) == 0:
            return False
        places = np.searchsorted(self._sorted, keys)
        return bool((self._sorted.take(places, mode="clip") == keys).any())


@lru_cache(maxsize=8)
def _empty_minhash(num_perm: int, seed: int) -> Any:
    try:
        from datasketch import MinHash
    except ImportError as error:
        raise ImportError("NearDuplicates needs the package datasketch: pip install 'lmkit-book[data]'") from error
    return MinHash(num_perm=num_perm, seed=seed, hashfunc=zlib.crc32)


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little")
