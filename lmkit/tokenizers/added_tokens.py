"""Added tokens: strings with their own id, matched in a text before any other processing."""

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import regex

from lmkit.tokenizers.special import special_token_pattern

_ENDS_WITH_WORD, _STARTS_WITH_WORD = regex.compile(r"\w\Z"), regex.compile(r"\w")
_SPACE = regex.compile(r"\s*")


@dataclass(frozen=True, kw_only=True)
class AddedToken:
    """An entry of ``added_tokens`` in a ``tokenizer.json``.

    Args:
        content: The string.
        token_id: Its id.
        single_word: Whether it matches whole words only: no letter, digit or underscore on either side.
        lstrip: Whether it absorbs the whitespace before it.
        rstrip: Whether it absorbs the whitespace after it.
        normalized: Whether it is matched in the text after normalisation.
        special: Whether it is matched only where special tokens are allowed. Others are always matched, such as
            ``<think>``, or the runs of spaces in tokenizers for code.
    """

    content: str
    token_id: int
    single_word: bool = False
    lstrip: bool = False
    rstrip: bool = False
    normalized: bool = False
    special: bool = True

    @property
    def is_plain(self) -> bool:
        """Whether it is special and has no other option, so that string and id describe it fully."""
        return self.special and not (self.lstrip or self.rstrip or self.single_word or self.normalized)


class TokenFinder:
    """Finds added tokens in a text, left to right, longest match first, as the ``tokenizers`` library does."""

    def __init__(self, tokens: Iterable[AddedToken]) -> None:
        """Compile the pattern.

        Args:
            tokens: What to look for.
        """
        self._tokens = {token.content: token for token in tokens}
        self._pattern = special_token_pattern(self._tokens)

    def split(self, text: str) -> Iterator[tuple[str, AddedToken | None]]:
        """Split a text at the tokens.

        Args:
            text: Any string.

        Yields:
            The pieces in order, each with its token, or ``None`` for ordinary text. Joined, they give the text.
        """
        if not self._tokens:
            yield text, None
            return
        done = 0
        for match in self._pattern.finditer(text):
            start, end = match.span()
            token = self._tokens[match[0]]
            if start < done:  # its first characters are whitespace that the previous token absorbed
                continue
            if token.single_word and (
                _ENDS_WITH_WORD.search(text, max(start - 1, 0), start) or _STARTS_WITH_WORD.match(text, end)
            ):
                continue
            if token.lstrip:
                start = max(done, len(text[done:start].rstrip()) + done)
            if token.rstrip:
                end = _SPACE.match(text, end).end()  # type: ignore[union-attr]  # it always matches
            if start > done:
                yield text[done:start], None
            yield text[start:end], token
            done = end
        if done < len(text):
            yield text[done:], None


def read_added_tokens(contents: Mapping[str, Any]) -> list[AddedToken]:
    """Read the ``added_tokens`` of a ``tokenizer.json``.

    Args:
        contents: What ``json.load`` returns.

    Returns:
        The tokens, ordered by id.
    """
    names = ("special", "lstrip", "rstrip", "single_word", "normalized")
    tokens = [
        AddedToken(
            content=entry["content"], token_id=entry["id"], **{name: entry[name] for name in names if name in entry}
        )
        for entry in contents.get("added_tokens") or ()
    ]
    return sorted(tokens, key=operator.attrgetter("token_id"))


def write_added_tokens(tokens: Sequence[AddedToken]) -> list[dict[str, Any]]:
    """Write tokens as the ``added_tokens`` of a ``tokenizer.json``.

    Args:
        tokens: In any order.

    Returns:
        One entry per token, ordered by id.
    """
    by_id = sorted(tokens, key=operator.attrgetter("token_id"))
    entries = [asdict(token) for token in by_id]
    return [{"id": entry.pop("token_id"), **entry} for entry in entries]
