"""Masked language modelling: mask some tokens and predict them from both sides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Unpack

import numpy as np
import torch
from jaxtyping import Bool, Int
from torch import Tensor

from lmkit.data.batches import Batch, Batches, Reading
from lmkit.data.corpus.token_shards import TokenStream
from lmkit.data.windows import count_windows, document_numbers, take_windows
from lmkit.functional import IGNORE_ID
from lmkit.nn import document_mask


@dataclass(frozen=True, kw_only=True, eq=False)
class Masking:
    """Which tokens the model predicts, and what it sees instead of them.

    A fixed share of the tokens of each window is chosen at random. Of the chosen tokens, 80 % become the mask token,
    10 % a random token, and 10 % stay, so that the model cannot know which tokens it will have to predict.

    Args:
        mask_id: The mask token.
        vocab_size: Random tokens are drawn from all ids below it that are not special.
        special_ids: Ids that are never chosen and never drawn; ``mask_id`` always counts as one of them.
        share: The share of tokens to choose, rounded, but at least one token.
        starts_word: For each id, whether it begins a word. If given, whole words are chosen; a word that would exceed
            the share is skipped, unless it is the first.

    Raises:
        ValueError: If a number is out of range, or all ids are special.

    Source:
        Devlin et al. (2019), section 3.1 and appendix A.1; whole words as in the authors' later models.

    Example:
        >>> masking = Masking(mask_id=3, vocab_size=10, special_ids=(0, 1, 2), share=1.0)
        >>> inputs, targets = masking.apply(torch.tensor([1, 7, 8, 2]), np.random.default_rng(0))
        >>> targets.tolist()
        [-100, 7, 8, -100]
    """

    mask_id: int
    vocab_size: int
    special_ids: tuple[int, ...] = ()
    share: float = 0.15
    starts_word: Bool[Tensor, " V"] | None = None

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not 0 < self.share <= 1:
            raise ValueError(f"share={self.share} must be greater than 0 and at most 1")
        for token_id in (self.mask_id, *self.special_ids):
            if not 0 <= token_id < self.vocab_size:
                raise ValueError(f"token id {token_id} is out of range for vocab_size={self.vocab_size}")
        if self.starts_word is not None and len(self.starts_word) != self.vocab_size:
            raise ValueError(f"starts_word has {len(self.starts_word)} entries for vocab_size={self.vocab_size}")
        if len(self._ordinary_ids) == 0:
            raise ValueError(f"all {self.vocab_size} ids are special: at least one must not be")

    @cached_property
    def _ordinary_ids(self) -> np.ndarray:
        return np.setdiff1d(np.arange(self.vocab_size), (self.mask_id, *self.special_ids))

    def apply(
        self, token_ids: Int[Tensor, " T"], randomness: np.random.Generator
    ) -> tuple[Int[Tensor, " T"], Int[Tensor, " T"]]:
        """Mask tokens of one window.

        Args:
            token_ids: The window.
            randomness: Chooses tokens and replacements.

        Returns:
            The inputs, and the targets: the original ids where tokens were chosen, ``IGNORE_ID`` elsewhere.
        """
        original = token_ids.numpy()
        chosen = self._choose(original, randomness)
        inputs, targets = original.copy(), np.full_like(original, IGNORE_ID)
        targets[chosen] = original[chosen]
        fate = randomness.random(len(chosen))
        inputs[chosen[fate < 0.8]] = self.mask_id
        replaced = chosen[fate >= 0.9]
        inputs[replaced] = randomness.choice(self._ordinary_ids, size=len(replaced))
        return torch.from_numpy(inputs), torch.from_numpy(targets)

    def _choose(self, token_ids: np.ndarray, randomness: np.random.Generator) -> np.ndarray:
        """Choose positions, word by word in random order."""
        ordinary = ~np.isin(token_ids, (self.mask_id, *self.special_ids))
        begins = np.ones_like(ordinary) if self.starts_word is None else self.starts_word.numpy()[token_ids]
        begins[1:] |= ~ordinary[:-1]
        number_of_word = begins.cumsum()
        positions = np.flatnonzero(ordinary)
        words = np.split(positions, np.flatnonzero(np.diff(number_of_word[positions])) + 1)
        wanted = max(1, round(self.share * len(positions)))
        chosen: list[int] = []
        for number in randomness.permutation(len(words)):
            if not chosen or len(chosen) + len(words[number]) <= wanted:
                chosen += words[number].tolist()
            if len(chosen) >= wanted:
                break
        return np.array(chosen, dtype=np.int64)


def masked_batches(
    token_stream: TokenStream,
    masking: Masking,
    *,
    batch_size: int,
    context_length: int,
    generator: torch.Generator,
    end_of_text_id: int | None = None,
    shuffle: bool = True,
    **reading: Unpack[Reading],
) -> Batches:
    """Split a token stream into windows in which some tokens are masked, different ones in each epoch.

    Args:
        token_stream: Token ids, in memory, memory-mapped, or in a folder of shards.
        masking: Which tokens are masked, and how.
        batch_size: Windows per batch and rank.
        context_length: Tokens per window. A remainder at the end of the stream is not used.
        generator: Source of the seed for the order and the masks.
        end_of_text_id: If given, an attention mask keeps the documents of a window apart; a document's last token is
            this id.
        shuffle: Whether the windows come in random order.
        reading: ``num_epochs``, ``rank`` and ``world_size``, see :class:`Reading`.

    Returns:
        Batches with ``inputs`` and ``targets``; with ``end_of_text_id`` also ``attention_mask`` and ``segment_ids``.

    Raises:
        ValueError: If the stream is shorter than one window.

    Example:
        >>> masking = Masking(mask_id=3, vocab_size=10, share=0.5)
        >>> batches = masked_batches(
        ...     torch.arange(4, 10), masking, batch_size=1, context_length=4, generator=torch.Generator()
        ... )
        >>> int((next(batches).targets >= 0).sum())
        2
    """
    num_windows = count_windows(token_stream, context_length)

    def make_batch(examples: Sequence[int], randomness: Callable[[int], np.random.Generator]) -> Batch:
        windows = take_windows(token_stream, [example * context_length for example in examples], context_length)
        masked = [masking.apply(window, randomness(example)) for window, example in zip(windows, examples, strict=True)]
        inputs, targets = map(torch.stack, zip(*masked, strict=True))
        if end_of_text_id is None:
            return Batch(inputs=inputs, targets=targets)
        segment_ids = document_numbers(windows, end_of_text_id)
        return Batch(inputs=inputs, targets=targets, segment_ids=segment_ids, attention_mask=document_mask(segment_ids))

    return Batches(
        make_batch, num_examples=num_windows, batch_size=batch_size, generator=generator, shuffle=shuffle, **reading
    )
