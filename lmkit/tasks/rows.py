"""Rows: how one text, or two that belong together, become what an encoder reads."""

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
        token_ids: With special tokens.
        segment_ids: 0 up to the first separator and 1 from there on.
        offsets: For each token its first character in its own text and the one after its last; both are 0 for a special
            token.
        is_cut: Whether an end was cut off, as there was no room for it.

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
    is_cut: bool


@dataclass(frozen=True, kw_only=True)
class InputFormat:
    """How texts become rows: ``[start] first [separator]``, and with a second text ``second [separator]`` after it.

    Args:
        tokenizer: That of the model.
        context_length: How many tokens the model can read; what is more is cut off.
        separator_id: The token after each text.
        pad_id: The token that fills shorter rows.
        start_id: The token before the first text; ``None`` for no such token.

    Raises:
        ValueError: If there is no room for two texts.

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
        """Check the room."""
        if self.context_length < 5:
            raise ValueError(f"context_length={self.context_length} must be at least 5: two texts and special tokens")

    def row(self, first: str, second: str | None = None, *, keep_first: bool = False) -> Row:
        """Encode one text or two.

        Args:
            first: A text.
            second: Another.
            keep_first: Whether, of two texts that are too long, the end of the second alone is cut; otherwise it is
                that of the longer one.

        Returns:
            At most ``context_length`` tokens.

        Raises:
            ValueError: If the first text is to be kept and leaves the second no room.
        """
        texts = [first] if second is None else [first, second]
        encoded = [self.tokenizer.encode_with_offsets(text) for text in texts]
        starts = [] if self.start_id is None else [self.start_id]
        room = self.context_length - len(starts) - len(texts)
        lengths = [len(token_ids) for token_ids, _ in encoded]
        if keep_first and lengths[0] >= room:
            raise ValueError(f"first={first!r:.80} has {lengths[0]} tokens and leaves no room for the second text")
        if second is None or keep_first:
            kept = [*lengths[:-1], min(lengths[-1], room - sum(lengths[:-1]))]
        else:
            kept = list(map(len, truncate_pair(range(lengths[0]), range(lengths[1]), room)))

        token_ids, segment_ids, offsets = starts, [FIRST_SEGMENT] * len(starts), [(0, 0)] * len(starts)
        for segment_id, (ids, places), length in zip((FIRST_SEGMENT, SECOND_SEGMENT), encoded, kept, strict=False):
            token_ids += [*ids[:length], self.separator_id]
            offsets += [*places[:length], (0, 0)]
            segment_ids += [segment_id] * (length + 1)
        return Row(token_ids, segment_ids, offsets, is_cut=kept != lengths)

    def batch(self, rows: Sequence[Row]) -> Batch:
        """Put rows side by side, padded to the longest.

        Args:
            rows: At least one.

        Returns:
            ``inputs``, ``segment_ids``, an ``attention_mask`` that leaves out the padding, and ``targets`` that are
            ``IGNORE_ID`` throughout.
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
    """Choose special tokens as the model saw them in pre-training.

    Args:
        tokenizer: That of the model.
        context_length: How many tokens the model can read.
        special_ids: What the model was trained with, from :func:`lmkit.models.load_special_ids`.

    Returns:
        ``[CLS] first [SEP] second [SEP]`` if there are such tokens, as for BERT; otherwise each text with the model's
        end token after it, and its start token first if each text began with it in training. Without ``special_ids``,
        the end token is ``<|endoftext|>``.

    Raises:
        ValueError: If there is neither.

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
