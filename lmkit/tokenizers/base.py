"""What all tokenizers share: one protocol, special tokens, batches, and a cache of encoded pieces."""

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, SupportsIndex, TypeVar, runtime_checkable

from lmkit.tokenizers.added_tokens import AddedToken, TokenFinder
from lmkit.tokenizers.files import read_json, write_json
from lmkit.tokenizers.special import replace_surrogates

CACHED_PIECES = 2**17
CACHED_LENGTH = 64
_T = TypeVar("_T", bound="BaseTokenizer")


@runtime_checkable
class Tokenizer(Protocol):
    """The interface that the rest of lmkit expects of a tokenizer.

    Example:
        >>> from lmkit.tokenizers import train_bpe
        >>> tokenizer: Tokenizer = train_bpe(["a b"], vocab_size=256, progress=False)
        >>> tokenizer.decode(tokenizer.encode("Any text."))
        'Any text.'
    """

    special_tokens: dict[str, int]

    @property
    def vocab_size(self) -> int:
        """One more than the largest id."""

    def encode(self, text: str, *, allow_special: bool = False) -> list[int]:
        """Turn text into token ids."""

    def decode(self, token_ids: Iterable[SupportsIndex]) -> str:
        """Turn token ids back into text."""

    def encode_batch(self, texts: Iterable[str], *, allow_special: bool = False) -> list[list[int]]:
        """Encode each text independently."""

    def encode_iterable(self, texts: Iterable[str], *, allow_special: bool = False) -> Iterator[int]:
        """Encode texts one by one, lazily."""

    def save(self, path: Path) -> None:
        """Write a Hugging Face ``tokenizer.json``."""

    @classmethod
    def load(cls, path: Path) -> "Tokenizer":
        """Read a Hugging Face ``tokenizer.json``."""


@runtime_checkable
class OffsetTokenizer(Tokenizer, Protocol):
    """A tokenizer that can report which characters of a text each token comes from.

    Example:
        >>> from lmkit.tokenizers import train_bpe
        >>> tokenizer: OffsetTokenizer = train_bpe(["a b"], vocab_size=256, progress=False)
        >>> tokenizer.encode_with_offsets("ab")
        ([97, 98], [(0, 1), (1, 2)])
    """

    def encode_with_offsets(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Turn text into token ids, with the start and end character (exclusive) of each.

        The ids are those of :meth:`encode`. A surrogate pair counts as one character.
        """


class PieceCache(dict[str, tuple[int, ...]]):
    """A dictionary that encodes a piece of text on first lookup.

    Words repeat, so most pieces of a text are already here. To bound memory, the cache is cleared at
    ``CACHED_PIECES`` entries, and pieces longer than ``CACHED_LENGTH`` characters are never stored.
    """

    def __init__(self, encode_piece: Callable[[str], Iterable[int]]) -> None:
        """Start empty.

        Args:
            encode_piece: Turns one piece of text into its ids.
        """
        self._encode_piece = encode_piece

    def __missing__(self, piece: str) -> tuple[int, ...]:
        token_ids = tuple(self._encode_piece(piece))
        if len(piece) <= CACHED_LENGTH:
            if len(self) >= CACHED_PIECES:
                self.clear()
            self[piece] = token_ids
        return token_ids

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._encode_piece,)  # a copy for another process starts empty


class BaseTokenizer(ABC):
    """Special tokens, batches and files, on top of a subclass that encodes and decodes ordinary text.

    A special token is a string with its own id, such as ``<|endoftext|>``. It is matched only if the
    caller allows it (``allow_special=True``), longest match first, and is never split. By default its
    characters are ordinary text, so that data cannot inject a special token.
    """

    def __init__(self, special_tokens: Mapping[str, int], added_tokens: Sequence[AddedToken] = ()) -> None:
        """Store the special tokens, and the added tokens that are matched before any other processing.

        Args:
            special_tokens: The id of each.
            added_tokens: Tokens with their own options; a special one adds its options to ``special_tokens``.

        Raises:
            ValueError: If a token is empty, appears twice, or contains half of a surrogate pair.
        """
        self.special_tokens = dict(special_tokens) | {t.content: t.token_id for t in added_tokens if t.special}
        plain = {content: AddedToken(content=content, token_id=i) for content, i in self.special_tokens.items()}
        self.added_tokens = tuple((plain | {token.content: token for token in added_tokens}).values())
        self._find_in_text, self._find_in_normalised = (
            {
                allow_special: TokenFinder(
                    replace(token, content=self._normalise(token.content)) if normalized else token
                    for token in self.added_tokens
                    if token.normalized == normalized and (allow_special or not token.special)
                )
                for allow_special in (False, True)
            }
            for normalized in (False, True)
        )
        self._cache = PieceCache(self._encode_piece)

    @property
    @abstractmethod
    def vocab_size(self) -> int:
        """One more than the largest id."""

    def _normalise(self, text: str) -> str:
        """Normalise a text before it is split into pieces. Added tokens may be matched in the result."""
        return text

    def _prefix(self, part: str, *, is_first: bool) -> str:
        """Put a space in front of the text between two added tokens, where a tokenizer does so.

        Args:
            part: The text, normalised and not empty.
            is_first: Whether no added token precedes it.
        """
        return part

    @abstractmethod
    def _split(self, text: str) -> list[str]:
        """Split ordinary text into pieces that are encoded independently."""

    @abstractmethod
    def _encode_piece(self, piece: str) -> Iterable[int]:
        """Encode one piece."""

    @abstractmethod
    def decode(self, token_ids: Iterable[SupportsIndex]) -> str:
        """Turn token ids back into text."""

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """Describe the tokenizer as the contents of a Hugging Face ``tokenizer.json``."""

    @classmethod
    @abstractmethod
    def from_json(cls: type[_T], contents: dict[str, Any]) -> _T:
        """Build the tokenizer from the contents of a Hugging Face ``tokenizer.json``."""

    def encode(self, text: str, *, allow_special: bool = False) -> list[int]:
        """Turn text into token ids.

        Half of a surrogate pair is not a character, so it is encoded as U+FFFD. Two adjacent halves are
        encoded as the character they represent, as tiktoken does.

        Args:
            text: Any string.
            allow_special: Whether special tokens in the text are recognised.

        Returns:
            Token ids; none for the empty string.
        """
        return self._encode_with(self._cache.__getitem__, text, allow_special)

    def encode_batch(self, texts: Iterable[str], *, allow_special: bool = False) -> list[list[int]]:
        """Encode each text independently.

        Args:
            texts: Any strings.
            allow_special: Whether special tokens in the texts are recognised.

        Returns:
            One list of token ids per text.
        """
        return [self.encode(text, allow_special=allow_special) for text in texts]

    def encode_iterable(self, texts: Iterable[str], *, allow_special: bool = False) -> Iterator[int]:
        """Encode texts one by one, holding only one text in memory.

        Args:
            texts: Any strings, for example the lines of an open file. Each is encoded independently.
            allow_special: Whether special tokens in the texts are recognised.

        Yields:
            Token ids.
        """
        for text in texts:
            yield from self.encode(text, allow_special=allow_special)

    def special_id(self, token: str) -> int:
        """Look up a special token.

        Args:
            token: For example ``<|endoftext|>``.

        Returns:
            Its id.

        Raises:
            ValueError: If there is no such special token.
        """
        if token not in self.special_tokens:
            raise ValueError(f"{token!r} is not a special token; there are {list(self.special_tokens)}")
        return self.special_tokens[token]

    def save(self, path: Path) -> None:
        """Write a Hugging Face ``tokenizer.json`` atomically.

        Args:
            path: The file to write.
        """
        write_json(path, self.to_json())

    @classmethod
    def load(cls: type[_T], path: Path) -> _T:
        """Read a Hugging Face ``tokenizer.json``.

        Args:
            path: The file to read.

        Returns:
            The tokenizer.

        Raises:
            ValueError: If the file is damaged or needs a feature that this tokenizer does not support.
        """
        contents = read_json(path)
        try:
            return cls.from_json(contents)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise ValueError(f"{path} holds no {cls.__name__}: {error!r}") from error

    def to_huggingface(self) -> Any:
        """Convert to a tokenizer of the ``tokenizers`` library, for speed.

        Returns:
            A ``tokenizers.Tokenizer`` with the same encoding. It always recognises special tokens in the text.
        """
        import json

        from tokenizers import Tokenizer as HuggingFaceTokenizer

        return HuggingFaceTokenizer.from_str(json.dumps(self.to_json()))

    def _encode_with(self, encode_piece: Callable[[str], Iterable[int]], text: str, allow_special: bool) -> list[int]:
        token_ids: list[int] = []
        for position, (part, token) in enumerate(self._parts(replace_surrogates(text), allow_special)):
            if token is not None:
                token_ids.append(token.token_id)
            else:
                pieces = self._split(self._prefix(part, is_first=position == 0))
                token_ids.extend(chain.from_iterable(map(encode_piece, pieces)))
        return token_ids

    def _parts(self, text: str, allow_special: bool) -> Iterator[tuple[str, AddedToken | None]]:
        """Split a text at its added tokens; ordinary text between them is normalised."""
        for part, token in self._find_in_text[allow_special].split(text):
            if token is not None:
                yield part, token
            else:
                yield from self._find_in_normalised[allow_special].split(self._normalise(part))


def look_up(token_ids: Iterable[SupportsIndex], tokens: Mapping[int, Any]) -> list[Any]:
    """Find the token of each id.

    Args:
        token_ids: Numbers, or a one-dimensional array or tensor.
        tokens: The token of each id.

    Returns:
        One token per id.

    Raises:
        ValueError: If an id has no token.
    """
    if hasattr(token_ids, "tolist"):  # NumPy and PyTorch, without importing either
        token_ids = token_ids.tolist()
    try:
        return [tokens[token_id] for token_id in map(operator.index, token_ids)]
    except KeyError as error:
        raise ValueError(f"token id {error} has no token; ids go from 0 to {max(tokens)}") from None


def expect(contents: dict[str, Any], key: str, *allowed: Any) -> None:
    """Check an entry of a ``tokenizer.json``.

    Args:
        contents: What ``json.load`` returns.
        key: Path of the entry, for example ``model.type``. A missing entry counts as None.
        allowed: The values that are supported.

    Raises:
        ValueError: If the value is not one of them.
    """
    value: Any = contents
    for name in key.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value not in allowed:
        raise ValueError(f"{key}={value!r:.80} is not supported, only {' or '.join(map(repr, allowed))}")
