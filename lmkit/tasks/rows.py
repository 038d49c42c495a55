"""Rows: how a text or a pair of texts becomes the input of an encoder."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch

from lmkit.data import END_OF_TEXT
from lmkit.data.batches import Batch
from lmkit.data.sentence_pairs import FIRST_SEGMENT, SECOND_SEGMENT, truncate_pair
from lmkit.data.seq2seq import pad
from lmkit.functional import IGNORE_ID
from lmkit.models import SpecialIds
from lmkit.tokenizers import OffsetTokenizer


class Row(NamedTuple):
    """One text or two as a model reads them.

    Attributes:
        token_ids: The tokens, including special tokens.
        segment_ids: 0 up to and including the first separator, 1 after it.
        offsets: Start and end of each token in its own text, in characters; (0, 0) for special tokens.
        is_truncated: Whether a text was truncated to fit.

    Example:
        >>> from lmkit.models import load_tokenizer
        >>> input_format = standard_format(load_tokenizer("storyworld-bert"), context_length=32)
        >>> row = input_format.row("Anna met Tom.")
        >>> row.token_ids, row.offsets[1:3]
        ([2, 312, 122, 287, 9, 3], [(0, 4), (5, 8)])
    """

    token_ids: list[int]
    segment_ids: list[int]
    offsets: list[tuple[int, int]]
    is_truncated: bool


@dataclass(frozen=True, kw_only=True)
class InputFormat:
    """How texts become rows: ``[start] first [separator]``, followed by ``second [separator]`` for a pair.

    Args:
        tokenizer: The model's tokenizer.
        context_length: Maximum number of tokens in a row; longer rows are truncated.
        separator_id: The token after each text.
        pad_id: The token that pads shorter rows.
        start_id: The token before the first text; ``None`` for none.

    Raises:
        ValueError: If ``context_length`` is less than 5, which two texts and their special tokens need.

    Example:
        >>> from lmkit.models import load_tokenizer
        >>> tokenizer = load_tokenizer("storyworld-gpt")
        >>> end_id = tokenizer.special_id(END_OF_TEXT)
        >>> input_format = InputFormat(tokenizer=tokenizer, context_length=32, separator_id=end_id, pad_id=end_id)
        >>> tokenizer.decode(input_format.row("Who slept?", "Tom.").token_ids)
        'Who slept?<|endoftext|>Tom.<|endoftext|>'
    """

    tokenizer: OffsetTokenizer
    context_length: int
    separator_id: int
    pad_id: int
    start_id: int | None = None

    def __post_init__(self) -> None:
        """Check the context length."""
        if self.context_length < 5:
            raise ValueError(f"context_length={self.context_length} must be at least 5: two texts and special tokens")

    def row(self, first: str, second: str | None = None, *, keep_first: bool = False) -> Row:
        """Encode one text or two.

        Args:
            first: A text.
            second: Another text, or ``None``.
            keep_first: Whether only the second of two texts is truncated; otherwise tokens are removed from the end of
                the longer one. Has no effect on a single text.

        Returns:
            A row of at most ``context_length`` tokens.

        Raises:
            ValueError: If ``keep_first`` leaves no room for the second text.
        """
        texts = [first] if second is None else [first, second]
        encoded = [self.tokenizer.encode_with_offsets(text) for text in texts]
        starts = [] if self.start_id is None else [self.start_id]
        room = self.context_length - len(starts) - len(texts)
        lengths = [len(token_ids) for token_ids, _ in encoded]
        if keep_first and second is not None and lengths[0] >= room:
            raise ValueError(f"first={first!r:.80} has {lengths[0]} tokens and leaves no room for the second text")
        if second is None or keep_first:
            kept = [*lengths[:-1], min(lengths[-1], room - sum(lengths[:-1]))]
        else:
            kept = list(map(len, truncate_pair(range(lengths[0]), range(lengths[1]), room)))

        token_ids, segment_ids, offsets = starts, [FIRST_SEGMENT] * len(starts), [(0, 0)] * len(starts)
        for segment_id, (ids, spans), length in zip((FIRST_SEGMENT, SECOND_SEGMENT), encoded, kept, strict=False):
            token_ids += [*ids[:length], self.separator_id]
            offsets += [*spans[:length], (0, 0)]
            segment_ids += [segment_id] * (length + 1)
        return Row(token_ids, segment_ids, offsets, is_truncated=kept != lengths)

    def batch(self, rows: Sequence[Row]) -> Batch:
        """Combine rows into a batch, padded to the longest row.

        Args:
            rows: At least one row.

        Returns:
            ``inputs``, ``segment_ids``, an ``attention_mask`` that excludes padding, and ``targets`` that are all
            ``IGNORE_ID``.
        """
        inputs = pad([row.token_ids for row in rows], self.pad_id)
        lengths = torch.tensor([len(row.token_ids) for row in rows])
        is_real = torch.arange(inputs.shape[1]) < lengths.unsqueeze(-1)
        return Batch(
            inputs=inputs,
            targets=torch.full_like(inputs, IGNORE_ID),
            segment_ids=pad([row.segment_ids for row in rows], FIRST_SEGMENT),
            attention_mask=is_real.unsqueeze(1).repeat(1, inputs.shape[1], 1),
        )


def standard_format(
    tokenizer: OffsetTokenizer, context_length: int, special_ids: SpecialIds | None = None
) -> InputFormat:
    """Choose the special tokens that the model saw in pre-training.

    Args:
        tokenizer: The model's tokenizer.
        context_length: Maximum number of tokens that the model can read.
        special_ids: The special tokens of the model's training, from :func:`lmkit.models.load_special_ids`.

    Returns:
        ``[CLS] first [SEP] second [SEP]`` if the tokenizer has these tokens and ``[PAD]``, as for BERT. Otherwise the
        model's end token follows each text, and its start token comes first if training texts began with it. Without
        ``special_ids``, the end token is ``<|endoftext|>``.

    Raises:
        ValueError: If the tokenizer has none of these tokens.

    Example:
        >>> from lmkit.models import load_tokenizer
        >>> input_format = standard_format(load_tokenizer("storyworld-bert"), context_length=32)
        >>> input_format.tokenizer.decode(input_format.row("Who slept?", "Tom.").token_ids[:1])
        '[CLS]'
    """
    special = tokenizer.special_tokens
    if special.keys() >= {"[CLS]", "[SEP]", "[PAD]"}:
        return InputFormat(
            tokenizer=tokenizer,
            context_length=context_length,
            start_id=special["[CLS]"],
            separator_id=special["[SEP]"],
            pad_id=special["[PAD]"],
        )
    if special_ids is not None and special_ids.end_ids:
        return InputFormat(
            tokenizer=tokenizer,
            context_length=context_length,
            start_id=special_ids.start_id if special_ids.starts_texts else None,
            separator_id=special_ids.end_ids[0],
            pad_id=special_ids.end_ids[0] if special_ids.pad_id is None else special_ids.pad_id,
        )
    if END_OF_TEXT in special:
        end_id = special[END_OF_TEXT]
        return InputFormat(tokenizer=tokenizer, context_length=context_length, separator_id=end_id, pad_id=end_id)
    raise ValueError(f"the tokenizer has neither [CLS], [SEP] and [PAD] nor {END_OF_TEXT}, only {list(special)}")
