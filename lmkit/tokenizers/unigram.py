"""The Unigram tokenizer: the most probable segmentation of a text into pieces, as in SentencePiece."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from random import Random
from typing import Any, SupportsIndex

from lmkit.tokenizers.added_tokens import AddedToken, read_added_tokens, write_added_tokens
from lmkit.tokenizers.base import BaseTokenizer, expect, look_up
from lmkit.tokenizers.metaspace import SPACE
from lmkit.tokenizers.pretokenize import GPT2_PATTERN, Splitter

UNKNOWN = "<unk>"
BYTE_PIECES = [f"<0x{byte:02X}>" for byte in range(256)]
UNKNOWN_PENALTY = 10.0
"""How many nats an unknown character scores below the least probable piece."""
METASPACE_PATTERN = rf"[ {SPACE}]?[^ {SPACE}]+|[ {SPACE}]"
"""Splits before each space and nowhere else."""


class UnigramTokenizer(BaseTokenizer):
    r"""A tokenizer with a probability for each piece, which treats pieces as independent.

    Of all segmentations of a pre-token, encoding picks the most probable one (Viterbi's algorithm), and
    sampling draws each in proportion to its probability:

    $$P(x_1, \ldots, x_n) = \prod_i p(x_i)$$

    A character that no piece covers becomes its UTF-8 bytes, or ``<unk>`` without byte fallback. A space is
    written as U+2581 in pieces, so a U+2581 in the text is decoded as a space. With byte fallback, decoding
    restores everything else exactly.

    Attributes:
        vocab: The id of each piece.
        scores: The natural logarithm of each piece's probability.
        pattern: The regular expression that splits text into pre-tokens.
        byte_fallback: Whether unknown characters become bytes.

    Source:
        Kudo (2018), sections 3.2 and 3.3.

    Example:
        >>> pieces = [("<unk>", 0.0), ("a", -2.0), ("b", -2.0), ("ab", -3.0), ("ba", -3.5)]
        >>> tokenizer = UnigramTokenizer(pieces, byte_fallback=False)
        >>> tokenizer.encode("abab"), tokenizer.encode("aba!")
        ([3, 3], [3, 1, 0])
    """

    def __init__(
        self,
        vocab: Sequence[tuple[str, float]],
        special_tokens: Sequence[str] = (UNKNOWN,),
        *,
        pattern: str = GPT2_PATTERN,
        byte_fallback: bool = True,
        added_tokens: Sequence[AddedToken] = (),
    ) -> None:
        """Set up the tables.

        Args:
            vocab: Each piece and its log-probability in nats, ordered by id, with the special tokens
                and, for byte fallback, ``<0x00>`` to ``<0xFF>``, whose scores are ignored.
            special_tokens: Tokens of the vocabulary that ordinary text cannot produce.
            pattern: Splits text into pre-tokens.
            byte_fallback: Whether unknown characters become bytes.
            added_tokens: Tokens of the vocabulary with their own matching options.

        Raises:
            ValueError: If ``<unk>``, a special token or a byte is missing, or a piece appears twice.
        """
        ids = {piece: token_id for token_id, (piece, _) in enumerate(vocab)}
        if len(ids) < len(vocab):
            twice = next(piece for token_id, (piece, _) in enumerate(vocab) if ids[piece] != token_id)
            raise ValueError(f"the vocabulary holds the piece {twice!r} twice")
        if UNKNOWN not in special_tokens:
            raise ValueError(f"special_tokens={list(special_tokens)} lacks {UNKNOWN!r}")
        for token in [*special_tokens, *(BYTE_PIECES if byte_fallback else ())]:
            if token not in ids:
                raise ValueError(f"the vocabulary lacks the token {token!r}")
        super().__init__({token: ids[token] for token in special_tokens}, added_tokens)
        self.pattern = pattern
        self.byte_fallback = byte_fallback
        self._splitter = Splitter(pattern)
        self._byte_ids = [ids[piece] for piece in BYTE_PIECES] if byte_fallback else []
        reserved = {*(token.token_id for token in self.added_tokens), *self._byte_ids}
        self.vocab = {piece: token_id for piece, token_id in ids.items() if token_id not in reserved}
        self.scores = {piece: vocab[token_id][1] for piece, token_id in self.vocab.items()}
        self._all_scores = [score for _, score in vocab]
        self._unknown_score = min(self._all_scores) - UNKNOWN_PENALTY
        self._unknown_id = self.special_tokens[UNKNOWN]
        self._trie = _build_trie(
            (piece.replace(SPACE, " "), self.scores[piece], token_id) for piece, token_id in self.vocab.items()
        )
        self._tokens = {token_id: piece.encode() for piece, token_id in self.vocab.items()}
        self._tokens |= {token.token_id: token.content.encode() for token in self.added_tokens}
        self._tokens |= {token_id: bytes([byte]) for byte, token_id in enumerate(self._byte_ids)}

    @property
    def vocab_size(self) -> int:
        """One more than the largest id."""
        return len(self._tokens)

    def sample(
        self, text: str, generator: Random, *, temperature: float = 1.0, allow_special: bool = False
    ) -> list[int]:
        r"""Sample a segmentation of the text, with probability proportional to $P^{1/\tau}$.

        A model trained on different segmentations of the same text depends less on any one of them.

        Args:
            text: Any string.
            generator: Source of randomness.
            temperature: $\tau > 0$. Towards 0 the most probable segmentation wins; for large values all are alike.
            allow_special: Whether special tokens in the text are recognised.

        Returns:
            Token ids.

        Raises:
            ValueError: If the temperature is not positive.

        Source:
            Kudo (2018), section 3.1, with $\alpha = 1 / \tau$, over all segmentations instead of the best $l$.
        """
        if not temperature > 0:
            raise ValueError(f"temperature={temperature} must be greater than 0")
        sample_piece = partial(self._sample_piece, generator=generator, temperature=temperature)
        return self._encode_with(sample_piece, text, allow_special)

    def decode(self, token_ids: Iterable[SupportsIndex]) -> str:
        """Turn token ids back into text, special tokens included.

        Args:
            token_ids: Numbers, or a one-dimensional array or tensor.

        Returns:
            The text, with U+FFFD in place of invalid UTF-8.

        Raises:
            ValueError: If an id has no token.
        """
        return b"".join(look_up(token_ids, self._tokens)).decode(errors="replace").replace(SPACE, " ")

    def to_json(self) -> dict[str, Any]:
        """Describe the tokenizer as the contents of a Hugging Face ``tokenizer.json``.

        Returns:
            A dictionary for ``json.dumps``.
        """
        split = {"type": "Split", "pattern": {"Regex": self.pattern}, "behavior": "Isolated", "invert": False}
        metaspace = {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "never", "split": False}
        pieces = {token_id: piece for piece, token_id in self.vocab.items()}
        pieces |= {token.token_id: token.content for token in self.added_tokens}
        pieces |= dict(zip(self._byte_ids, BYTE_PIECES, strict=False))
        return {
            "version": "1.0",
            "added_tokens": write_added_tokens(self.added_tokens),
            "normalizer": None,
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, metaspace]},
            "post_processor": None,
            "decoder": {
                "type": "Sequence",
                "decoders": [
                    {"type": "ByteFallback"},
                    {"type": "Replace", "pattern": {"String": SPACE}, "content": " "},
                    {"type": "Fuse"},
                ],
            },
            "model": {
                "type": "Unigram",
                "unk_id": self.special_tokens[UNKNOWN],
                "vocab": [[pieces[token_id], score] for token_id, score in enumerate(self._all_scores)],
                "byte_fallback": self.byte_fallback,
            },
        }

    @classmethod
    def from_json(cls, contents: dict[str, Any]) -> "UnigramTokenizer":
        """Build the tokenizer from the contents of a Hugging Face ``tokenizer.json``.

        Args:
            contents: What ``json.load`` returns. The steps after encoding (post-processing, truncation,
                padding) are left to the code that makes batches.

        Returns:
            The tokenizer.

        Raises:
            ValueError: If the contents are not a Unigram, or need features that we do not support.
        """
        expect(contents, "model.type", "Unigram")
        expect(contents, "normalizer", None)
        expect(contents, "model.byte_fallback", None, True, False)
        model = contents["model"]
        vocab = [(piece, float(score)) for piece, score in model["vocab"]]
        unknown = vocab[model["unk_id"]][0] if model.get("unk_id") is not None else None
        if unknown != UNKNOWN:
            raise ValueError(f"the unknown token is {unknown!r}, only {UNKNOWN!r} is supported")
        added = read_added_tokens(contents)
        for token in added:
            if token.token_id == len(vocab):
                vocab.append((token.content, 0.0))
            if token.token_id > len(vocab):
                raise ValueError(
                    f"added token {token.content!r} has id {token.token_id}; the next free one is {len(vocab)}"
                )
            if vocab[token.token_id][0] != token.content:
                raise ValueError(f"id {token.token_id} is both {token.content!r} and {vocab[token.token_id][0]!r}")
        return cls(
            vocab,
            pattern=_read_pattern(contents),
            byte_fallback=bool(model.get("byte_fallback")),
            added_tokens=added,
        )

    def _split(self, text: str) -> list[str]:
        return self._splitter(text)

    def _edges(self, word: str) -> Iterator[tuple[int, int, float, int]]:
        """List the pieces in a word, ordered by start: start, end, score and id of each."""
        for start, character in enumerate(word):
            node = self._trie.get(character)
            if node is None or node[1] is None:
                yield start, start + 1, self._unknown_score, self._unknown_id
            end = start + 1
            while node is not None:
                score, token_id, children = node
                if token_id is not None:
                    yield start, end, score, token_id
                node = children.get(word[end]) if end < len(word) else None
                end += 1

    def _encode_piece(self, piece: str) -> list[int]:
        """Find the most probable segmentation: the best path to a position maximises over its last piece."""
        word = piece.replace(SPACE, " ")
        best_score = [0.0] + [-math.inf] * len(word)
        best_edge = [(0, 0)] * (len(word) + 1)
        for start, end, score, token_id in self._edges(word):
            if best_score[start] + score > best_score[end]:
                best_score[end] = best_score[start] + score
                best_edge[end] = start, token_id
        return self._walk_back(word, best_edge.__getitem__)

    def _sample_piece(self, piece: str, generator: Random, temperature: float) -> list[int]:
        """Sum the weights of all paths to each position; then, from the end, draw each last piece by its share."""
        word = piece.replace(SPACE, " ")
        log_sum = [0.0] + [-math.inf] * len(word)
        edges_to: list[list[tuple[int, int]]] = [[] for _ in log_sum]
        log_weights_to: list[list[float]] = [[] for _ in log_sum]
        for start, end, score, token_id in self._edges(word):
            log_weight = log_sum[start] + score / temperature
            greater, smaller = max(log_sum[end], log_weight), min(log_sum[end], log_weight)
            log_sum[end] = greater + math.log1p(math.exp(smaller - greater))
            edges_to[end].append((start, token_id))
            log_weights_to[end].append(log_weight)

        return self._walk_back(
            word,
            lambda end: generator.choices(edges_to[end], [math.exp(w - log_sum[end]) for w in log_weights_to[end]])[0],
        )

    def _walk_back(self, word: str, last_edge: Callable[[int], tuple[int, int]]) -> list[int]:
        """Collect the ids from the end of a word, given start and id of the last piece on the path to each position.

        An unknown character becomes its bytes; without byte fallback, a run of them becomes one ``<unk>``.
        """
        token_ids: list[int] = []
        end = len(word)
        while end > 0:
            start, token_id = last_edge(end)
            if token_id != self._unknown_id:
                token_ids.append(token_id)
            elif self.byte_fallback:
                unknown_bytes = word[start:end].replace(" ", SPACE).encode()
                token_ids.extend(self._byte_ids[byte] for byte in reversed(unknown_bytes))
            elif token_ids[-1:] != [token_id]:
                token_ids.append(token_id)
            end = start
        token_ids.reverse()
        return token_ids


def _build_trie(pieces: Iterable[tuple[str, float, int]]) -> dict[str, Any]:
    """Build a trie of the pieces: each node has the score and id of the piece that ends there, and children."""
    trie: dict[str, Any] = {}
    for piece, score, token_id in pieces:
        children = trie
        for character in piece[:-1]:
            children = children.setdefault(character, (0.0, None, {}))[2]
        following = children[piece[-1]][2] if piece[-1] in children else {}
        children[piece[-1]] = (score, token_id, following)
    return trie


def _read_pattern(contents: dict[str, Any]) -> str:
    match contents.get("pre_tokenizer"):
        case {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "never", **others} if others.get(
            "split", True
        ):
            return METASPACE_PATTERN
        case {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": {"Regex": str(pattern)}, "behavior": "Isolated", "invert": False},
                {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "never", "split": False},
            ],
        }:
            return pattern
    raise ValueError(f"pre_tokenizer={contents.get('pre_tokenizer')} is no Metaspace without a space put in front")
