"""Byte-pair encoding of characters with bytes for the rest, as SentencePiece does it for Llama 1 and 2."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, groupby
from typing import Any, SupportsIndex

import regex

from lmkit.tokenizers.added_tokens import AddedToken, read_added_tokens, write_added_tokens
from lmkit.tokenizers.base import BaseTokenizer, expect, look_up
from lmkit.tokenizers.merging import apply_merges, read_merges
from lmkit.tokenizers.metaspace import SPACE, Metaspace

UNKNOWN = "<unk>"
BYTE_TOKENS = [f"<0x{byte:02X}>" for byte in range(256)]
_SPACE_INSIDE = regex.compile(rf"[^{SPACE}]{SPACE}")
_BEFORE_SPACES = regex.compile(rf"{SPACE}*[^{SPACE}]+|{SPACE}+")


class SentencePieceBPETokenizer(BaseTokenizer):
    """The tokenizer of Llama 1 and 2, TinyLlama and Mistral: merges of characters, not of bytes.

    A space is written as U+2581, and a text may get one in front. The merges then apply to the whole text, across
    words. A character outside the vocabulary becomes its UTF-8 bytes, or ``<unk>`` without byte fallback.

    Attributes:
        merges: The merged pairs of strings, in order.
        vocab: The id of each token that is not special, bytes such as ``<0x0A>`` included.
        metaspace: How spaces are written.
        byte_fallback: Whether unknown characters become bytes.

    Source:
        Kudo and Richardson (2018), section 3; Touvron et al. (2023), section 2.1.

    Example:
        >>> vocab = {"<unk>": 0, "▁": 1, "l": 2, "o": 3, "w": 4, "ow": 5, "▁low": 6, "▁l": 7}
        >>> merges = [("o", "w"), ("▁", "l"), ("▁l", "ow")]
        >>> tokenizer = SentencePieceBPETokenizer(merges, vocab, ["<unk>"], byte_fallback=False)
        >>> tokenizer.encode("low wow!")
        [6, 1, 4, 5, 0]
        >>> tokenizer.decode([6, 1, 4, 5])
        'low wow'
    """

    def __init__(
        self,
        merges: Iterable[tuple[str, str]],
        vocab: Mapping[str, int],
        special_tokens: Sequence[str] = (),
        *,
        metaspace: Metaspace | None = None,
        byte_fallback: bool = True,
        added_tokens: Sequence[AddedToken] = (),
    ) -> None:
        """Set up the tables.

        Args:
            merges: The merged pairs in order.
            vocab: The id of each token, with the special tokens and, for byte fallback, ``<0x00>`` to ``<0xFF>``.
            special_tokens: Tokens of the vocabulary that ordinary text cannot produce.
            metaspace: How spaces are written; ``None`` for Llama 2's way.
            byte_fallback: Whether unknown characters become bytes.
            added_tokens: Tokens with their own matching options.

        Raises:
            ValueError: If a special token or a token of a merge is missing, or what stands for unknown characters
                (bytes, or else ``<unk>``), or an id appears twice.
        """
        self.merges, self.metaspace, self.byte_fallback = list(merges), metaspace or Metaspace(), byte_fallback
        made = [token for left, right in self.merges for token in (left, right, left + right)]
        for token in [*special_tokens, *(BYTE_TOKENS if byte_fallback else (UNKNOWN,)), *made]:
            if token not in vocab:
                raise ValueError(f"the vocabulary lacks the token {token!r}")
        super().__init__({token: vocab[token] for token in special_tokens}, added_tokens)
        added = {token.content: token.token_id for token in self.added_tokens}
        ids = {**vocab, **added}
        self._tokens: dict[int, str | int] = {token_id: token.replace(SPACE, " ") for token, token_id in ids.items()}
        if len(self._tokens) < len(ids):
            raise ValueError("two tokens of the vocabulary and the added tokens have the same id")
        self._tokens |= {vocab[token]: byte for byte, token in enumerate(BYTE_TOKENS) if token in vocab}
        self._tokens |= {
            token.token_id: self._normalise(token.content).replace(SPACE, " ")
            for token in self.added_tokens
            if token.normalized
        }
        self.vocab = {token: token_id for token, token_id in vocab.items() if token not in added}
        self._ids = dict(vocab)
        self._byte_ids = [vocab[token] for token in BYTE_TOKENS] if byte_fallback else []
        self._ranks = {(vocab[left], vocab[right]): rank for rank, (left, right) in enumerate(self.merges)}
        self._merged_ids = [vocab[left + right] for left, right in self.merges]
        joined = map("".join, self.merges)
        self._words_are_apart = SPACE in vocab and not any(map(_SPACE_INSIDE.search, joined))

    @property
    def vocab_size(self) -> int:
        """One more than the largest id."""
        return max(self._tokens) + 1

    def decode(self, token_ids: Iterable[SupportsIndex]) -> str:
        """Turn token ids back into text, special tokens included.

        Args:
            token_ids: Numbers, or a one-dimensional array or tensor.

        Returns:
            The text, without the space that encoding put in front. In a run of byte tokens that is not UTF-8, each
            becomes U+FFFD. An added token that is matched in normalised text is decoded in its normalised form.

        Raises:
            ValueError: If an id has no token.
        """
        parts = list[str]()
        for kind, tokens in groupby(look_up(token_ids, self._tokens), type):
            run = list(tokens)
            parts += run if kind is str else [_decode_bytes(bytes(run))]
        text = "".join(parts)
        return text.removeprefix(" ") if self.metaspace.strips_prefix else text

    def to_json(self) -> dict[str, Any]:
        """Describe the tokenizer as the contents of a Hugging Face ``tokenizer.json``.

        Returns:
            A dictionary for ``json.dumps``.
        """
        return {
            "version": "1.0",
            "added_tokens": write_added_tokens(self.added_tokens),
            "post_processor": None,
            **self.metaspace.to_json(),
            "model": {
                "type": "BPE",
                "unk_token": UNKNOWN if UNKNOWN in self._ids else None,
                "fuse_unk": True,
                "byte_fallback": self.byte_fallback,
                "ignore_merges": False,
                "vocab": dict(sorted(self._ids.items(), key=lambda item: item[1])),
                "merges": [list(merge) for merge in self.merges],
            },
        }

    @classmethod
    def from_json(cls, contents: dict[str, Any]) -> "SentencePieceBPETokenizer":
        """Build the tokenizer from the contents of a Hugging Face ``tokenizer.json``.

        Args:
            contents: What ``json.load`` returns. The steps after encoding (post-processing, truncation,
                padding) are left to the code that makes batches.

        Returns:
            The tokenizer.

        Raises:
            ValueError: If the contents are not such a BPE, or need features that we do not support.
        """
        expect(contents, "model.type", "BPE", None)
        if not contents["model"].get("byte_fallback"):
            expect(contents, "model.unk_token", UNKNOWN)
            expect(contents, "model.fuse_unk", True)
        for feature in ("dropout", "continuing_subword_prefix", "end_of_word_suffix", "ignore_merges"):
            expect(contents, f"model.{feature}", None, False, "")
        model = contents["model"]
        added = read_added_tokens(contents)
        return cls(
            read_merges(model),
            model["vocab"],
            [token.content for token in added if token.special and token.content in model["vocab"]],
            metaspace=Metaspace.from_json(contents),
            byte_fallback=bool(model.get("byte_fallback")),
            added_tokens=added,
        )

    def _normalise(self, text: str) -> str:
        return self.metaspace.write(text, is_first=False) if self.metaspace.in_normalizer else text

    def _prefix(self, part: str, *, is_first: bool) -> str:
        return part if self.metaspace.in_normalizer else self.metaspace.write(part, is_first=is_first)

    def _split(self, text: str) -> list[str]:
        """Split before runs of spaces where no merge reaches across, so that words can be cached."""
        return _BEFORE_SPACES.findall(text) if self._words_are_apart else [text]

    def _encode_piece(self, piece: str) -> list[int]:
        return apply_merges(list(chain.from_iterable(self._characters(piece))), self._ranks, self._merged_ids)

    def _characters(self, piece: str) -> Iterable[list[int]]:
        """Yield the ids to start from: those of the characters, of their bytes, or one for a run of unknown ones."""
        was_unknown = False
        for character in piece:
            token_id = self._ids.get(character)
            if token_id is not None:
                yield [token_id]
            elif self.byte_fallback:
                yield [self._byte_ids[byte] for byte in character.encode()]
            elif not was_unknown:
                yield [self._ids[UNKNOWN]]
            was_unknown = token_id is None


def _decode_bytes(run: bytes) -> str:
    try:
        return run.decode()
    except UnicodeDecodeError:
        return "\ufffd" * len(run)
