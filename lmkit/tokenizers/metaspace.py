"""How SentencePiece's tokenizers write spaces, as a ``tokenizer.json`` describes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

SPACE = "\u2581"
"""Represents a space in tokens, so that a vocabulary is readable."""
Prefix = Literal["never", "first", "unless_there", "always"]
"""Where a space is put in front of a text; see :class:`Metaspace`."""
_REPLACE = {"type": "Replace", "pattern": {"String": " "}, "content": SPACE}
_PREPEND = {"type": "Prepend", "prepend": SPACE}
_SCHEMES: dict[str, Prefix] = {"never": "never", "first": "first", "always": "unless_there"}


@dataclass(frozen=True, kw_only=True)
class Metaspace:
    """The rules by which U+2581 takes the place of spaces.

    Args:
        prefix: Where a space is put in front: ``never``; at the beginning of the text unless a space is there
            (``first``); also after every added token (``unless_there``); or there even before a space (``always``), as
            in Llama 1 and 2.
        strips_prefix: Whether decoding drops one space at the beginning.

    Example:
        >>> Metaspace(prefix="first").write("low lower", is_first=True)
        '▁low▁lower'
    """

    prefix: Prefix = "always"
    strips_prefix: bool = True

    @property
    def in_normalizer(self) -> bool:
        """Whether spaces are written when text is normalised, so that added tokens may be found in the result."""
        return self.prefix == "always"

    def write(self, text: str, *, is_first: bool) -> str:
        """Replace spaces and put one in front.

        Args:
            text: Text between two added tokens.
            is_first: Whether no added token precedes it.

        Returns:
            Text without spaces.
        """
        text = text.replace(" ", SPACE)
        wanted = self.prefix in ("unless_there", "always") or (self.prefix == "first" and is_first)
        there = self.prefix != "always" and text.startswith(SPACE)
        return SPACE + text if text and wanted and not there else text

    def to_json(self) -> dict[str, Any]:
        """Describe the rules as entries of a ``tokenizer.json``.

        Returns:
            The ``normalizer``, ``pre_tokenizer`` and ``decoder``.
        """
        scheme = next((name for name, prefix in _SCHEMES.items() if prefix == self.prefix), None)
        metaspace = {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": scheme, "split": False}
        strip = [{"type": "Strip", "content": " ", "start": 1, "stop": 0}] if self.strips_prefix else []
        to_space = {"type": "Replace", "pattern": {"String": SPACE}, "content": " "}
        return {
            "normalizer": None if scheme else {"type": "Sequence", "normalizers": [_PREPEND, _REPLACE]},
            "pre_tokenizer": metaspace if scheme else None,
            "decoder": {"type": "Sequence", "decoders": [to_space, {"type": "ByteFallback"}, {"type": "Fuse"}, *strip]},
        }

    @classmethod
    def from_json(cls, contents: Mapping[str, Any]) -> "Metaspace":
        """Read the rules from a ``tokenizer.json``.

        Args:
            contents: What ``json.load`` returns.

        Returns:
            The rules.

        Raises:
            ValueError: If the file changes text in another way.
        """
        decoder = contents.get("decoder")
        match decoder:
            case {
                "type": "Sequence",
                "decoders": [
                    {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                    {"type": "ByteFallback"},
                    {"type": "Fuse"},
                    *rest,
                ],
            } if rest in ([], [{"type": "Strip", "content": " ", "start": 1, "stop": 0}]):
                return cls(prefix=_read_prefix(contents), strips_prefix=bool(rest))
        raise ValueError(f"decoder={decoder} is not supported, only Replace of U+2581, ByteFallback, Fuse and Strip")


def _read_prefix(contents: Mapping[str, Any]) -> Prefix:
    normalizer, pre_tokenizer = contents.get("normalizer"), contents.get("pre_tokenizer")
    match normalizer, pre_tokenizer:
        case {"type": "Sequence", "normalizers": [first, second]}, None if [first, second] == [_PREPEND, _REPLACE]:
            return "always"
        case None, {"type": "Metaspace", "replacement": "\u2581", "split": False, "prepend_scheme": str(scheme)}:
            return _SCHEMES[scheme]
    if normalizer == _REPLACE and pre_tokenizer is None:
        return "never"
    raise ValueError(
        f"normalizer={normalizer} with pre_tokenizer={pre_tokenizer} is not supported, only "
        "Replace of the space by U+2581 with or without Prepend, or a Metaspace that does not split"
    )
