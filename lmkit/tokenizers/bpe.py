"""Byte-level byte-pair encoding, as in GPT-2."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain, count, pairwise
from pathlib import Path
from typing import Any, Literal, SupportsIndex, get_args

from lmkit.tokenizers.added_tokens import AddedToken, read_added_tokens, write_added_tokens
from lmkit.tokenizers.base import BaseTokenizer, expect, look_up
from lmkit.tokenizers.files import read_json, read_text, write_json, write_text
from lmkit.tokenizers.merging import apply_merges, read_merges
from lmkit.tokenizers.pretokenize import GPT2_PATTERN, GPT2_SINGLE_DIGITS_PATTERN, Splitter
from lmkit.tokenizers.special import replace_surrogates

UnicodeForm = Literal["NFC", "NFD", "NFKC", "NFKD"]
"""Unicode's normal forms."""
_PRINTABLE = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
BYTE_ORDER = _PRINTABLE + sorted(set(range(256)) - set(_PRINTABLE))
"""The 256 bytes in GPT-2's order: first those printable in Latin-1, then the others."""
BYTE_TO_CHAR = dict(zip(BYTE_ORDER, map(chr, [*_PRINTABLE, *range(256, 512)]), strict=False))
"""How files write each byte: as itself if it is printable, otherwise as the next character from U+0100 on."""
CHAR_TO_BYTE = {char: byte for byte, char in BYTE_TO_CHAR.items()}


class BPETokenizer(BaseTokenizer):
    """A tokenizer that treats each pre-token as bytes and applies merges in the order they were learned.

    Every string can be encoded, and decoding returns it unchanged.

    Attributes:
        merges: The merged pairs of byte strings, in order.
        vocab: The id of each token that is not special.
        pattern: The regular expression that splits text into pre-tokens.

    Source:
        Radford et al. (2019), section 2.2.

    Example:
        >>> tokenizer = BPETokenizer([(b"o", b"w"), (b"l", b"ow")], ["<|endoftext|>"])
        >>> tokenizer.encode("lower")
        [257, 101, 114]
        >>> tokenizer.encode("low<|endoftext|>", allow_special=True)
        [257, 258]
        >>> tokenizer.decode([257, 258])
        'low<|endoftext|>'
    """

    def __init__(
        self,
        merges: Iterable[tuple[bytes, bytes]],
        special_tokens: Sequence[str] | Mapping[str, int] = (),
        *,
        pattern: str = GPT2_PATTERN,
        vocab: Mapping[bytes, int] | None = None,
        added_tokens: Sequence[AddedToken] = (),
        ignore_merges: bool = False,
        unicode_form: UnicodeForm | None = None,
        add_prefix_space: bool = False,
    ) -> None:
        """Set up the tables.

        Args:
            merges: The merged pairs in order.
            special_tokens: Strings with their own id. If only names are given, the ids come from the vocabulary,
                or follow it.
            pattern: Splits text into pre-tokens.
            vocab: The id of each token. By default a byte is its own id, and the merges are numbered from 256.
            added_tokens: Tokens with their own matching options.
            ignore_merges: Whether a pre-token that is in the vocabulary becomes one token, whatever the merges say,
                as in Llama 3.
            unicode_form: The normal form that text is converted to first; ``None`` leaves it unchanged.
            add_prefix_space: Whether a text that does not begin with a space gets one, so that its first word is
                encoded like any other, as in RoBERTa. Decoding keeps that space.

        Raises:
            ValueError: If the vocabulary lacks a byte or a token of a merge, or an id appears twice.
        """
        self.merges = list(merges)
        if vocab is None:
            vocab = {bytes([byte]): byte for byte in range(256)}
            for left, right in self.merges:
                vocab.setdefault(left + right, len(vocab))
        self.vocab = dict(vocab)
        if not isinstance(special_tokens, Mapping):
            made = {left + right for left, right in self.merges}
            known = {
                token: self.vocab.pop(token.encode())
                for token in map(replace_surrogates, special_tokens)
                if token.encode() in self.vocab and len(token.encode()) > 1 and token.encode() not in made
            }
            new = [token for token in special_tokens if token not in known]
            first = max([*self.vocab.values(), *known.values()]) + 1
            special_tokens = {**known, **_number(new, first)}
        self.ignore_merges, self.unicode_form, self.add_prefix_space = ignore_merges, unicode_form, add_prefix_space
        super().__init__(special_tokens, added_tokens)
        self.pattern = pattern
        self._splitter = Splitter(pattern)
        self._tokens = {token_id: token for token, token_id in self.vocab.items()}
        added = {token.token_id: token.content.encode() for token in self.added_tokens}
        in_both = sum(self._tokens.get(token_id) == token for token_id, token in added.items())  # from merges
        self._tokens |= added
        if len(self._tokens) < len(self.vocab) + len(self.added_tokens) - in_both:
            raise ValueError("two tokens of the vocabulary and the special tokens have the same id")
        self._byte_ids = [self._id(bytes([byte])) for byte in range(256)]
        self._ranks = {(self._id(left), self._id(right)): rank for rank, (left, right) in enumerate(self.merges)}
        self._merged_ids = [self._id(left + right) for left, right in self.merges]

    @property
    def vocab_size(self) -> int:
        """One more than the largest id."""
        return max(self._tokens) + 1

    def encode_with_offsets(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Turn text into token ids, and report where in the text each comes from.

        Args:
            text: Any string; special tokens in it are ordinary text.

        Returns:
            The ids, and for each its start and end character (exclusive). Tokens that share the bytes of one
            character all span the whole character.

        Raises:
            ValueError: If ``unicode_form`` changes the text, so that tokens no longer map to its characters.

        Example:
            >>> BPETokenizer([(b"o", b"w")]).encode_with_offsets("low")
            ([108, 256], [(0, 1), (1, 3)])
        """
        text = replace_surrogates(text)
        if self._normalise(text) != text:
            raise ValueError(
                f"text={text!r:.60} is not in the normal form {self.unicode_form}: bring it into that first"
            )
        token_ids, offsets, done = list[int](), list[tuple[int, int]](), 0
        for part, token in self._parts(text, allow_special=False):
            if token is not None:
                token_ids.append(token.token_id)
                offsets.append((done, done + len(part)))
            else:
                prefixed = self._prefix(part, is_first=done == 0)
                part_ids = list(chain.from_iterable(map(self._cache.__getitem__, self._split(prefixed))))
                places = [done] * (len(prefixed) - len(part))  # a space put in front shares the first character
                places += [place for place, character in enumerate(part, done) for _ in character.encode()]
                edges = [0, *accumulate(len(self._tokens[token_id]) for token_id in part_ids)]
                token_ids += part_ids
                offsets += [(places[start], places[end - 1] + 1) for start, end in pairwise(edges)]
            done += len(part)
        return token_ids, offsets

    def decode_bytes(self, token_ids: Iterable[SupportsIndex]) -> bytes:
        """Turn token ids back into the exact bytes.

        Args:
            token_ids: Numbers, or a one-dimensional array or tensor.

        Returns:
            Bytes, which need not be valid UTF-8, because a token may contain part of a character.

        Raises:
            ValueError: If an id has no token.
        """
        return b"".join(look_up(token_ids, self._tokens))

    def decode(self, token_ids: Iterable[SupportsIndex]) -> str:
        """Turn token ids back into text, special tokens included.

        Args:
            token_ids: Numbers, or a one-dimensional array or tensor.

        Returns:
            The text, with U+FFFD in place of invalid UTF-8.

        Raises:
            ValueError: If an id has no token.
        """
        return self.decode_bytes(token_ids).decode(errors="replace")

    def to_tiktoken(self) -> Any:
        """Convert to a tiktoken encoding, for speed.

        Returns:
            A ``tiktoken.Encoding`` with the same encoding.

        Raises:
            ValueError: If the ids of the merges do not increase, since tiktoken merges in the order of ids; or if
                there are added tokens with options, a Unicode form or a space in front, which tiktoken does not
                support.
        """
        import tiktoken

        if self.unicode_form or self.add_prefix_space or not all(token.is_plain for token in self.added_tokens):
            raise ValueError("tiktoken has no Unicode normal forms, no space in front, no added tokens with options")

        if self._merged_ids != sorted(self._merged_ids):
            raise ValueError("tiktoken merges in the order of ids, which here is not that of the merges")
        return tiktoken.Encoding(
            "lmkit", pat_str=self.pattern, mergeable_ranks=self.vocab, special_tokens=self.special_tokens
        )

    @classmethod
    def from_gpt2_files(cls, vocab_path: Path, merges_path: Path, *, pattern: str = GPT2_PATTERN) -> "BPETokenizer":
        """Read GPT-2's ``vocab.json`` and ``merges.txt``.

        Args:
            vocab_path: The id of each token. A token that is neither a byte nor the result of a merge is special.
            merges_path: One merge per line, in order.
            pattern: Splits text into pre-tokens; the files do not say which.

        Returns:
            The tokenizer.

        Raises:
            ValueError: If a file is damaged.
        """
        lines = read_text(merges_path).split("\n")
        merges = read_merges({"merges": [line for line in lines if line and not line.startswith("#version")]})
        ids = read_json(vocab_path)
        made = {*CHAR_TO_BYTE, *map("".join, merges)}
        special = [AddedToken(content=token, token_id=i) for token, i in ids.items() if token not in made]
        return cls._from_strings(ids, merges, special, pattern=pattern)

    def save_gpt2_files(self, vocab_path: Path, merges_path: Path) -> None:
        """Write GPT-2's ``vocab.json`` and ``merges.txt``.

        Args:
            vocab_path: File for the id of each token.
            merges_path: File for the merges.

        Raises:
            ValueError: If the pattern is not GPT-2's, since the files cannot record it.
        """
        if self.pattern != GPT2_PATTERN:
            raise ValueError(f"vocab.json and merges.txt have no place for pattern={self.pattern!r}")
        write_json(vocab_path, self._ids_by_string())
        lines = ["#version: 0.2", *(f"{_to_chars(left)} {_to_chars(right)}" for left, right in self.merges)]
        write_text(merges_path, "\n".join(lines) + "\n")

    def to_json(self) -> dict[str, Any]:
        """Describe the tokenizer as the contents of a Hugging Face ``tokenizer.json``.

        Returns:
            A dictionary for ``json.dumps``.

        Raises:
            ValueError: If a special token is spelled like another token, or a space is put in front although the
                pattern is not GPT-2's, since in a file that would precede every pre-token.
        """
        if self.add_prefix_space and self.pattern != GPT2_PATTERN:
            raise ValueError(
                f"add_prefix_space=True cannot be written with pattern={self.pattern!r}, only with GPT-2's"
            )
        byte_level = {"type": "ByteLevel", "add_prefix_space": self.add_prefix_space, "trim_offsets": True}
        split = {"type": "Split", "pattern": {"Regex": self.pattern}, "behavior": "Isolated", "invert": False}
        pre_tokenizer = (
            byte_level | {"use_regex": True}
            if self.pattern == GPT2_PATTERN
            else {"type": "Sequence", "pretokenizers": [split, byte_level | {"use_regex": False}]}
        )
        return {
            "version": "1.0",
            "added_tokens": write_added_tokens(self.added_tokens),
            "normalizer": {"type": self.unicode_form} if self.unicode_form else None,
            "pre_tokenizer": pre_tokenizer,
            "post_processor": None,
            "decoder": byte_level | {"use_regex": True},
            "model": {
                "type": "BPE",
                "vocab": self._ids_by_string(),
                "merges": [[_to_chars(left), _to_chars(right)] for left, right in self.merges],
                "ignore_merges": self.ignore_merges,
            },
        }

    @classmethod
    def from_json(cls, contents: dict[str, Any]) -> "BPETokenizer":
        """Build the tokenizer from the contents of a Hugging Face ``tokenizer.json``.

        Args:
            contents: What ``json.load`` returns. The steps after encoding (post-processing, truncation,
                padding) are left to the code that makes batches.

        Returns:
            The tokenizer.

        Raises:
            ValueError: If the contents are not a byte-level BPE, or need features that we do not support.
        """
        expect(contents, "model.type", "BPE", None)
        normalizer = contents.get("normalizer")
        if normalizer is not None:
            expect(contents, "normalizer.type", *get_args(UnicodeForm))
        for feature in ("dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback"):
            expect(contents, f"model.{feature}", None, False, "")
        model = contents["model"]
        pattern, add_prefix_space = _read_pre_tokenizer(contents)
        return cls._from_strings(
            model["vocab"],
            read_merges(model),
            read_added_tokens(contents),
            pattern=pattern,
            add_prefix_space=add_prefix_space,
            ignore_merges=bool(model.get("ignore_merges")),
            unicode_form=normalizer and normalizer["type"],
        )

    @classmethod
    def _from_strings(
        cls, ids: dict[str, int], merges: Sequence[tuple[str, str]], added_tokens: Sequence[AddedToken], **options: Any
    ) -> "BPETokenizer":
        added = {token.content for token in added_tokens} - {*CHAR_TO_BYTE, *map("".join, merges)}
        vocab = {_to_bytes(token): token_id for token, token_id in ids.items() if token not in added}
        pairs = [(_to_bytes(left), _to_bytes(right)) for left, right in merges]
        return cls(pairs, {}, vocab=vocab, added_tokens=added_tokens, **options)

    def _ids_by_string(self) -> dict[str, int]:
        ids = {_to_chars(token): token_id for token, token_id in self.vocab.items()}
        for token in self.added_tokens:
            if ids.setdefault(token.content, token.token_id) != token.token_id:
                raise ValueError(
                    f"special token {token.content!r} is spelled like another token in the file's alphabet"
                )
        return ids

    def _id(self, token: bytes) -> int:
        if token not in self.vocab:
            raise ValueError(f"the vocabulary lacks the token {token!r}")
        return self.vocab[token]

    def _normalise(self, text: str) -> str:
        return unicodedata.normalize(self.unicode_form, text) if self.unicode_form else text

    def _prefix(self, part: str, *, is_first: bool) -> str:
        return f" {part}" if part and self.add_prefix_space and not part.startswith(" ") else part

    def _split(self, text: str) -> list[str]:
        return self._splitter(text)

    def _encode_piece(self, piece: str) -> list[int]:
        if self.ignore_merges and (whole := self.vocab.get(piece.encode())) is not None:
            return [whole]
        return apply_merges([self._byte_ids[byte] for byte in piece.encode()], self._ranks, self._merged_ids)


def _number(tokens: Iterable[str], first: int) -> dict[str, int]:
    return dict(zip(tokens, count(first), strict=False))


def _to_chars(token: bytes) -> str:
    return "".join(map(BYTE_TO_CHAR.__getitem__, token))


def _to_bytes(token: str) -> bytes:
    try:
        return bytes(map(CHAR_TO_BYTE.__getitem__, token))
    except KeyError as error:
        raise ValueError(f"token {token!r} holds the character {error}, which stands for no byte") from None


def _read_pre_tokenizer(contents: dict[str, Any]) -> tuple[str, bool]:
    """Find the pattern that splits text, and whether a text gets a space in front."""
    pre_tokenizer = contents.get("pre_tokenizer")
    match pre_tokenizer:
        case {"type": "ByteLevel", "add_prefix_space": bool(prefix), **others} if others.get("use_regex", True):
            return GPT2_PATTERN, prefix
        case {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": str(pattern)}, "behavior": "Isolated", "invert": False},
                {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False},
            ],
        }:
            return pattern, False
        case {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Digits", "individual_digits": True},
                {"type": "ByteLevel", "add_prefix_space": False, **others},
            ],
        } if others.get("use_regex", True):
            return GPT2_SINGLE_DIGITS_PATTERN, False
    raise ValueError(
        f"pre_tokenizer={pre_tokenizer} is not supported, only ByteLevel, alone or after a Split by a regular "
        "expression or into single Digits"
    )
