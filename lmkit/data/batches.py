"""Batches: the one contract between data and models, and the order in which examples become batches."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypedDict, Unpack

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from lmkit.data.corpus.token_shards import TokenStream
from lmkit.data.windows import count_windows, document_numbers, take_windows
from lmkit.nn import document_mask


@dataclass(frozen=True, kw_only=True, eq=False)
class Batch:
    """Examples that a model sees in one step. A field that an objective does not use is ``None``.

    Args:
        inputs: Token ids that the model reads.
        targets: Token ids to predict at each position; ``IGNORE_ID`` where nothing is scored.
        attention_mask: Whether a position may attend to another; ``None`` leaves it to the model.
        query_mask: The same for the query stream of two-stream attention, which must not see its own position.
        segment_ids: Which text of a pair, or which document of a window, a token belongs to.
        labels: The label of each row as a whole: its class, its number, or the first and last position of its answer.
        source_ids: Token ids of the given text, in sequence-to-sequence tasks and in matching.
        source_mask: Whether a source position may be attended to; ``False`` at padding.

    Example:
        >>> token_ids = torch.tensor([[3, 1, 4, 1, 5]])
        >>> batch = Batch(inputs=token_ids[:, :-1], targets=token_ids[:, 1:])
        >>> batch.targets
        tensor([[1, 4, 1, 5]])
    """

    inputs: Int[Tensor, "B T"]
    targets: Int[Tensor, "B T"]
    attention_mask: Bool[Tensor, "B T T"] | None = None
    query_mask: Bool[Tensor, "B T T"] | None = None
    segment_ids: Int[Tensor, "B T"] | None = None
    labels: Int[Tensor, " B"] | Float[Tensor, " B"] | Int[Tensor, "B 2"] | None = None
    source_ids: Int[Tensor, "B S"] | None = None
    source_mask: Bool[Tensor, "B S"] | None = None

    def to(self, device: torch.device | str, non_blocking: bool = False) -> "Batch":
        """Copy every tensor to a device.

        Args:
            device: The device to copy to.
            non_blocking: Whether to return before the copy has finished; this requires pinned memory.

        Returns:
            A batch on that device.
        """
        return self._each(lambda tensor: tensor.to(device, non_blocking=non_blocking))

    def pin_memory(self) -> "Batch":
        """Copy every tensor to page-locked memory, from which a GPU can fetch it without the CPU."""
        return self._each(Tensor.pin_memory)

    def _each(self, function: Callable[[Tensor], Tensor]) -> "Batch":
        tensors = {field.name: getattr(self, field.name) for field in fields(self)}
        return replace(self, **{name: function(tensor) for name, tensor in tensors.items() if tensor is not None})


class Reading(TypedDict, total=False):
    """How many epochs are read, and by which process; every batch function takes these arguments.

    Args:
        num_epochs: How often each example is read, 1 by default; ``None`` for endless batches.
        rank: The index of this process among those that train together, 0 by default.
        world_size: The number of processes, 1 by default. The batches of all ranks, concatenated in rank order, are
            the batches of one process with ``world_size`` times the batch size. This requires that all ranks pass
            generators with the same seed.

    Example:
        >>> once: Reading = {"num_epochs": 1}
        >>> len(list(next_token_batches(torch.arange(50), batch_size=2, context_length=8, **once)))
        3
    """

    num_epochs: int | None
    rank: int
    world_size: int


MakeBatch = Callable[[Sequence[int], Callable[[int], np.random.Generator]], Batch]


class Batches(Iterator[Batch]):
    """An iterator of batches that can stop anywhere and later resume with exactly the batches that would have followed.

    All randomness is reproducible: the order of an epoch is a function of the seed and the epoch, and the randomness
    within an example is a function of the seed, the epoch and the example. So the whole state is three numbers, and
    neither the batch size nor the number of ranks changes what is drawn.

    Like every iterator, it stays exhausted once it has ended. Each epoch contains every example once. The last batch of
    an epoch may be smaller; with several ranks it is dropped, because all ranks must take the same number of steps.

    Args:
        make_batch: Turns the indices of some examples into a batch; its second argument is a function that gives
            each example its own source of randomness.
        num_examples: How many examples there are.
        batch_size: Examples per batch and rank.
        generator: Source of the seed: one number is drawn from it. ``None`` means seed 0.
        shuffle: Whether the order is random.
        reading: See :class:`Reading`.

    Raises:
        ValueError: If there are too few examples for one batch, or the rank is not below ``world_size``.

    Example:
        >>> batches = next_token_batches(torch.arange(50), batch_size=2, context_length=8)
        >>> _ = next(batches)
        >>> later = next_token_batches(torch.arange(50), batch_size=2, context_length=8)
        >>> later.load_state_dict(batches.state_dict())
        >>> next(later).inputs.equal(next(batches).inputs)
        True
    """

    def __init__(
        self,
        make_batch: MakeBatch,
        *,
        num_examples: int,
        batch_size: int,
        generator: torch.Generator | None,
        shuffle: bool,
        **reading: Unpack[Reading],
    ) -> None:
        self.num_epochs = reading.get("num_epochs", 1)
        self.rank = reading.get("rank", 0)
        self.world_size = reading.get("world_size", 1)
        if batch_size < 1:
            raise ValueError(f"batch_size={batch_size} must be at least 1")
        if num_examples < 1:
            raise ValueError("there is no example to make a batch of")
        if self.num_epochs is not None and self.num_epochs < 0:
            raise ValueError(f"num_epochs={self.num_epochs} must be at least 0, or None for batches without end")
        if not 0 <= self.rank < self.world_size:
            raise ValueError(f"rank={self.rank} must be at least 0 and less than world_size={self.world_size}")
        if self.world_size > 1 and num_examples < batch_size * self.world_size:
            raise ValueError(
                f"num_examples={num_examples} must be at least batch_size={batch_size} x world_size={self.world_size}"
            )
        self._make_batch = make_batch
        self.num_examples = num_examples
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = 0 if generator is None else int(torch.randint(2**62, (), generator=generator))
        self.epoch = 0
        self.num_seen = 0  # in this epoch, by all ranks together
        self._order: Sequence[int] | np.ndarray | None = None

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        step = self.batch_size * self.world_size
        return self.num_examples // step if self.world_size > 1 else -(-self.num_examples // step)

    def __next__(self) -> Batch:
        """Make the next batch of this rank."""
        step = self.batch_size * self.world_size
        if self.num_examples - self.num_seen < (step if self.world_size > 1 else 1):
            self.epoch, self.num_seen, self._order = self.epoch + 1, 0, None
        if self.num_epochs is not None and self.epoch >= self.num_epochs:
            raise StopIteration
        if self._order is None:
            self._order = self._shuffled() if self.shuffle else range(self.num_examples)
        start = self.num_seen + self.rank * self.batch_size
        examples = [int(example) for example in self._order[start : start + self.batch_size]]
        self.num_seen = min(self.num_seen + step, self.num_examples)
        return self._make_batch(examples, self._randomness)

    def _shuffled(self) -> np.ndarray:
        return np.random.default_rng([self.seed, self.epoch]).permutation(self.num_examples)

    def _randomness(self, example: int) -> np.random.Generator:
        return np.random.default_rng([self.seed, self.epoch, example + 1])  # + 1, because a trailing 0 would be lost

    def state_dict(self) -> dict[str, Any]:
        """Return the position in the data, to be saved with a checkpoint."""
        names = ("seed", "epoch", "num_seen", "num_examples", "shuffle")
        return {name: getattr(self, name) for name in names}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go to a saved position.

        Args:
            state: What :meth:`state_dict` returned for the same examples.

        Raises:
            ValueError: If it belongs to other examples or another order.
        """
        for name in ("num_examples", "shuffle"):
            if state[name] != getattr(self, name):
                raise ValueError(f"the saved position has {name}={state[name]}, these batches {getattr(self, name)}")
        self.seed, self.epoch, self.num_seen = state["seed"], state["epoch"], state["num_seen"]
        self._order = None


def next_token_batches(
    token_stream: TokenStream,
    *,
    batch_size: int,
    context_length: int,
    generator: torch.Generator | None = None,
    random_windows: bool = False,
    end_of_text_id: int | None = None,
    **reading: Unpack[Reading],
) -> Batches:
    r"""Split a token stream into windows in which each position predicts the next token.

    Window $i$ has the inputs $x_{iT}, \dots, x_{iT+T-1}$ and the targets $x_{iT+1}, \dots, x_{iT+T}$. Targets are
    shifted only where batches are made: here and for instructions. The windows do not overlap, so an epoch scores
    every token once, except the first token and a remainder at the end that is shorter than a window.

    Args:
        token_stream: Token ids, in memory, memory-mapped, or in a folder of shards.
        batch_size: Windows per batch and rank.
        context_length: Tokens per window, $T$.
        generator: Reshuffles the windows in each epoch. ``None`` takes them in order.
        random_windows: Instead of splitting the stream at fixed positions, let each window start at any position with
            equal probability, as nanoGPT does. Windows may then overlap, and an epoch has as many as would fit
            side by side. Nothing is stored per window, so this works for streams of any length.
        end_of_text_id: If given, an attention mask keeps the documents of a window apart: a position attends only to
            itself and to earlier positions of its own document, whose last token is this id. Positions do not
            restart at each document.
        reading: ``num_epochs``, ``rank`` and ``world_size``, see :class:`Reading`.

    Returns:
        Batches with ``inputs`` and ``targets``; with ``end_of_text_id`` also ``attention_mask`` and ``segment_ids``.

    Raises:
        ValueError: If the stream is shorter than one window and its last target, or ``random_windows`` has no
            generator.

    Example:
        >>> batch = next(next_token_batches(torch.arange(7), batch_size=2, context_length=3))
        >>> batch.inputs.tolist(), batch.targets.tolist()
        ([[0, 1, 2], [3, 4, 5]], [[1, 2, 3], [4, 5, 6]])
    """
    num_windows = count_windows(token_stream, context_length, extra=1)
    if random_windows and generator is None:
        raise ValueError("random_windows=True needs a generator to draw the windows, but generator=None")

    def make_batch(examples: Sequence[int], randomness: Callable[[int], np.random.Generator]) -> Batch:
        if random_windows:
            num_starts = len(token_stream) - context_length
            starts = [int(randomness(example).integers(num_starts)) for example in examples]
        else:
            starts = [example * context_length for example in examples]
        windows = take_windows(token_stream, starts, context_length + 1)
        inputs, targets = windows[:, :-1], windows[:, 1:]
        if end_of_text_id is None:
            return Batch(inputs=inputs, targets=targets)
        segment_ids = document_numbers(inputs, end_of_text_id)
        return Batch(
            inputs=inputs, targets=targets, segment_ids=segment_ids, attention_mask=document_mask(segment_ids).tril()
        )

    return Batches(
        make_batch,
        num_examples=num_windows,
        batch_size=batch_size,
        generator=generator,
        shuffle=generator is not None and not random_windows,
        **reading,
    )
