"""WordPiece, as in BERT: normalise, split into words, repeatedly take the longest token that fits."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, SupportsIndex

from lmkit.tokenizers.added_tokens import AddedToken, read_added_tokens, write_added_tokens
from lmkit.tokenizers.base import BaseTokenizer, expect, look_up
from lmkit.tokenizers.bert_words import bert_words, change_letters, placed_words, remove_controls, split_at_space
from lmkit.tokenizers.files import read_text, write_text
from lmkit.tokenizers.special import replace_surrogates

BERT_SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
UNKNOWN = "[UNK]"
CONTINUES = "##"
"""Marks a token that does not start a word."""
LONGEST_WORD = 100
"""A longer word is unknown."""


class WordPieceTokenizer(BaseTokenizer):
    """BERT's tokenizer.

    Words are found as in BERT: control characters are removed, whitespace separates words, and each
    punctuation mark and Chinese character is a word. Lowercasing also removes accents, unless ``strip_accents``
    says otherwise. A word is then split from left to right, each time taking the longest token that fits. If none
    fits, it becomes ``[UNK]``.

    Attributes:
        vocab: The id of each token that is not special.
        lowercase: Whether case is removed.
        strip_accents: Whether accents are removed.

    Source:
        Schuster and Nakajima (2012) for the idea; Devlin et al. (2019) for this form of it. Which characters
        are marks, punctuation or controls follows the current Unicode, as in BERT's own code, whereas the
        ``tokenizers`` library uses tables from 2015.

    Example:
        >>> vocab = {"[UNK]": 0, "un": 1, "##break": 2, "##able": 3, "!": 4}
        >>> tokenizer = WordPieceTokenizer(vocab, ["[UNK]"])
        >>> tokenizer.encode("Unbreakable! Walls")
        [1, 2, 3, 4, 0]
        >>> tokenizer.decode([1, 2, 3, 4, 0])
        'unbreakable ! [UNK]'
    """

    def __init__(
        self,
        vocab: Mapping[str, int],
        special_tokens: Sequence[str] = BERT_SPECIAL_TOKENS,
        *,
        lowercase: bool = True,
        strip_accents: bool | None = None,
        added_tokens: Sequence[AddedToken] = (),
    ) -> None:
        """Set up the tables.

        Args:
            vocab: The id of each token, including special and added tokens.
            special_tokens: Tokens of the vocabulary that ordinary text cannot produce.
            lowercase: Whether to remove case.
            strip_accents: Whether to remove accents; ``None`` removes them together with case. German models, for
                example, remove case and keep the umlauts.
            added_tokens: Tokens with their own matching options.

        Raises:
            ValueError: If ``[UNK]`` or a special token is missing, or an id appears twice.
        """
        for token in (UNKNOWN, *special_tokens):
            if token not in vocab:
                raise ValueError(f"the vocabulary lacks the special token {token!r}")
        if UNKNOWN not in special_tokens:
            raise ValueError(f"special_tokens={list(special_tokens)} lacks {UNKNOWN!r}")
        self.lowercase, self.strip_accents = lowercase, lowercase if strip_accents is None else strip_accents
        super().__init__({token: vocab[token] for token in special_tokens}, added_tokens)
        added = {token.content for token in self.added_tokens}
        self.vocab = {token: token_id for token, token_id in vocab.items() if token not in added}
        self._tokens = {token_id: token for token, token_id in vocab.items()}
        if len(self._tokens) < len(vocab):
            raise ValueError("two tokens of the vocabulary have the same id")
        self._longest = max(map(len, self.vocab), default=0)

    @property
    def vocab_size(self) -> int:
        """One more than the largest id."""
        return max(self._tokens) + 1

    def encode_with_offsets(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Turn text into token ids, and report where in the text each comes from.

        Args:
            text: Any string; special tokens in it are ordinary text.

        Returns:
            The ids, and for each its start and end character (exclusive).

        Raises:
            ValueError: If there are added tokens that are matched in normalised text.

        Example:
            >>> vocab = {"[UNK]": 0, "ca": 1, "##fe": 2, "!": 3}
            >>> WordPieceTokenizer(vocab, ["[UNK]"]).encode_with_offsets("Café!")
            ([1, 2, 3], [(0, 2), (2, 4), (4, 5)])
        """
        if any(token.normalized and not token.special for token in self.added_tokens):
            raise ValueError("there are no offsets where added tokens are found in normalised text")
        token_ids, offsets, done = list[int](), list[tuple[int, int]](), 0
        for part, token in self._find_in_text[False].split(replace_surrogates(text)):
            if token is not None:
                token_ids.append(token.token_id)
                offsets.append((done, done + len(part)))
            else:
                part_ids, part_offsets = self._encode_part(part)
                token_ids += part_ids
                offsets += [(done + start, done + end) for start, end in part_offsets]
            done += len(part)
        return token_ids, offsets

    def _encode_part(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Encode text without added tokens, with offsets."""
        token_ids, offsets = [], []
        for word, places in placed_words(text, self.lowercase, self.strip_accents):
            end = 0
            for token_id in self._encode_word(word):
                start = end
                is_unknown = token_id == self.special_tokens[UNKNOWN]
                prefix = CONTINUES if start > 0 else ""
                end = len(word) if is_unknown else start + len(self._tokens[token_id]) - len(prefix)
                token_ids.append(token_id)
                offsets.append((min(places[start:end]), max(places[start:end]) + 1))
        return token_ids, offsets

    def normalize(self, text: str) -> str:
        r"""Apply the changes to a text that decoding cannot undo.

        Args:
            text: Any string.

        Returns:
            The words separated by single spaces. Decoding an encoded text gives this, unless a word is unknown.

        Example:
            >>> WordPieceTokenizer({"[UNK]": 0}, ["[UNK]"]).normalize("  Ça va?\n")
            'ca va ?'
        """
        return " ".join(
            word for piece in self._split(text) for word in bert_words(piece, self.lowercase, self.strip_accents)
        )

    def decode(self, token_ids: Iterable[SupportsIndex]) -> str:
        """Turn token ids back into normalised text, special tokens included.

        Args:
            token_ids: Numbers, or a one-dimensional array or tensor.

        Returns:
            Words separated by single spaces.

        Raises:
            ValueError: If an id has no token.
        """
        return " ".join(look_up(token_ids, self._tokens)).replace(" " + CONTINUES, "")

    @classmethod
    def from_vocab_file(
        cls, path: Path, special_tokens: Sequence[str] = BERT_SPECIAL_TOKENS, *, lowercase: bool = True
    ) -> "WordPieceTokenizer":
        """Read BERT's ``vocab.txt``.

        Args:
            path: One token per line; the line number, from 0, is its id.
            special_tokens: Which of them are special; the file does not say.
            lowercase: Whether the model removes case and accents; the file does not say.

        Returns:
            The tokenizer.

        Raises:
            ValueError: If the file contains a token twice or lacks a special token.
        """
        tokens = read_text(path).removesuffix("\n").split("\n")
        vocab = {token: token_id for token_id, token in enumerate(tokens)}
        if len(vocab) < len(tokens):
            twice = next(token for token_id, token in enumerate(tokens) if vocab[token] != token_id)
            raise ValueError(f"{path} holds the token {twice!r} twice")
        try:
            return cls(vocab, special_tokens, lowercase=lowercase)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error

    def save_vocab_file(self, path: Path) -> None:
        """Write BERT's ``vocab.txt``.

        Args:
            path: The file to write.

        Raises:
            ValueError: If the ids have gaps, since the file cannot represent them.
        """
        if self.vocab_size > len(self._tokens):
            raise ValueError(f"{self.vocab_size - len(self._tokens)} ids have no token; vocab.txt cannot say so")
        write_text(path, "".join(f"{self._tokens[token_id]}\n" for token_id in range(self.vocab_size)))

    def to_json(self) -> dict[str, Any]:
        """Describe the tokenizer as the contents of a Hugging Face ``tokenizer.json``.

        Returns:
            A dictionary for ``json.dumps``.
        """
        return {
            "version": "1.0",
            "added_tokens": write_added_tokens(self.added_tokens),
            "normalizer": {
                "type": "BertNormalizer",
                "clean_text": True,
                "handle_chinese_chars": True,
                "strip_accents": None if self.strip_accents == self.lowercase else self.strip_accents,
                "lowercase": self.lowercase,
            },
            "pre_tokenizer": {"type": "BertPreTokenizer"},
            "post_processor": None,
            "decoder": {"type": "WordPiece", "prefix": CONTINUES, "cleanup": False},
            "model": {
                "type": "WordPiece",
                "unk_token": UNKNOWN,
                "continuing_subword_prefix": CONTINUES,
                "max_input_chars_per_word": LONGEST_WORD,
                "vocab": {token: token_id for token_id, token in sorted(self._tokens.items())},
            },
        }

    @classmethod
    def from_json(cls, contents: dict[str, Any]) -> "WordPieceTokenizer":
        """Build the tokenizer from the contents of a Hugging Face ``tokenizer.json``.

        Args:
            contents: What ``json.load`` returns. The steps after encoding (``[CLS]`` and ``[SEP]``,
                truncation, padding) are left to the code that makes batches.

        Returns:
            The tokenizer.

        Raises:
            ValueError: If the contents are not a WordPiece, or need features that we do not support.
        """
        expect(contents, "model.type", "WordPiece", None)
        expect(contents, "model.unk_token", UNKNOWN)
        expect(contents, "model.continuing_subword_prefix", CONTINUES)
        expect(contents, "model.max_input_chars_per_word", LONGEST_WORD)
        expect(contents, "normalizer.type", "BertNormalizer")
        expect(contents, "normalizer.clean_text", True)
        expect(contents, "normalizer.handle_chinese_chars", True)
        expect(contents, "normalizer.lowercase", True, False)
        expect(contents, "normalizer.strip_accents", None, True, False)
        expect(contents, "pre_tokenizer.type", "BertPreTokenizer")
        added = read_added_tokens(contents)
        vocab = contents["model"]["vocab"] | {token.content: token.token_id for token in added}
        special = [token.content for token in added if token.special]
        return cls(
            vocab,
            special,
            lowercase=contents["normalizer"]["lowercase"],
            strip_accents=contents["normalizer"].get("strip_accents"),
            added_tokens=added,
        )

    def _normalise(self, text: str) -> str:
        if not any(token.normalized for token in self.added_tokens):
            return text  # each piece is normalised separately
        return change_letters(remove_controls(text), self.lowercase, self.strip_accents)

    def _split(self, text: str) -> list[str]:
        return split_at_space(text)

    def _encode_piece(self, piece: str) -> list[int]:
        return [
            token_id
            for word in bert_words(piece, self.lowercase, self.strip_accents)
            for token_id in self._encode_word(word)
        ]

    def _encode_word(self, word: str) -> list[int]:
        """Repeatedly take the longest token that fits."""
        unknown = [self.special_tokens[UNKNOWN]]
        if len(word) > LONGEST_WORD:
            return unknown
        token_ids = []
        start, prefix = 0, ""
        while start < len(word):
            for end in range(min(len(word), start + self._longest), start, -1):
                if (token_id := self.vocab.get(prefix + word[start:end])) is not None:
                    break
            else:
                return unknown
            token_ids.append(token_id)
            start, prefix = end, CONTINUES
        return token_ids
