"""Token streams larger than memory: a folder of shards, and an index that says how far it is written.

Each shard has the file format of :func:`lmkit.data.encode_corpus`. ``index.json`` lists the shards in order.
"""

import json
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import accumulate, chain, islice
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Integer
from torch import Tensor

from lmkit.data.corpus.encoding import (
    BatchEncoder,
    EncodedChunk,
    chunk_documents,
    encode_chunks,
    text_crc32,
)
from lmkit.data.corpus.files import replace_file
from lmkit.data.corpus.token_stream import END_OF_TEXT, end_ids, load_stream_file, with_progress, write_stream

INDEX_FILE = "index.json"
SHARD_TOKENS = 2**27
RELEASE_BYTES = 2**28
BYTES_PER_FAULT = 2**20  # for a small read the kernel also maps the pages around it: 0.3 MB measured


@dataclass(kw_only=True)
class Shard:
    """One line of the index.

    Args:
        file: Path within the folder.
        num_tokens: Its length.
        num_chunks: How many chunks of text it was made of.
        text_crc32: A checksum of their text.
    """

    file: str
    num_tokens: int = 0
    num_chunks: int = 0
    text_crc32: int = 0

    def add(self, chunk_crc32: int) -> None:
        """Count one more chunk of text.

        Args:
            chunk_crc32: Its checksum.
        """
        self.num_chunks += 1
        self.text_crc32 = zlib.crc32(chunk_crc32.to_bytes(4, "little"), self.text_crc32)


@dataclass(kw_only=True)
class ShardIndex:
    """What ``index.json`` holds.

    Args:
        vocab_size: One more than the largest id.
        end_of_text_id: The token after each document, if there is one.
        complete: Whether all documents are written.
        shards: The shards in the order of the stream.
    """

    vocab_size: int
    end_of_text_id: int | None
    complete: bool = False
    shards: list[Shard] = field(default_factory=list)

    def save(self, folder: Path) -> None:
        """Write the index; if that fails, the old one stays.

        Args:
            folder: The folder to write to.
        """
        with replace_file(folder / INDEX_FILE) as file:
            file.write(json.dumps(asdict(self), indent=1).encode())

    @classmethod
    def load(cls, folder: Path) -> "ShardIndex":
        """Read the index of a folder.

        Args:
            folder: The folder.

        Returns:
            The index.

        Raises:
            FileNotFoundError: If the folder has no index.
            ValueError: If the file is not an index.
        """
        path = folder / INDEX_FILE
        try:
            values = json.loads(path.read_bytes())
            return cls(**values | {"shards": [Shard(**shard) for shard in values["shards"]]})
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"file {str(path)!r} is not an index of token shards: {error}") from error


class ShardedTokens:
    """A folder of token shards, read as one stream.

    It has a length, and slicing it gives a tensor, which is copied to memory only if the slice crosses shards. Shards
    are memory-mapped, and the maps are released regularly, so that memory use stays below about 300 MB no matter how
    much is read.

    Args:
        folder: Where the shards are.
        index: The list of shards.
        start: The first token of the stream, among those of all shards.
        length: How many tokens the stream has.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from lmkit.data import next_token_batches
        >>> from lmkit.tokenizers import train_bpe
        >>> with TemporaryDirectory() as folder:
        ...     stream = write_token_shards(train_bpe("abc", 256), ["abc", "de"], Path(folder) / "tokens")
        ...     batch = next(next_token_batches(stream, batch_size=1, context_length=4))
        >>> len(stream), batch.inputs.shape
        (5, torch.Size([1, 4]))
    """

    def __init__(self, folder: Path, index: ShardIndex, start: int = 0, length: int | None = None) -> None:
        self.folder = folder
        self.index = index
        self._ends = list(accumulate(shard.num_tokens for shard in index.shards))
        self._start = start
        self._length = self._ends[-1] if length is None else length
        self._maps: dict[int, Tensor] = {}
        self._mapped_bytes = 0

    @property
    def vocab_size(self) -> int:
        """One more than the largest id that the tokenizer can give."""
        return self.index.vocab_size

    @property
    def end_of_text_id(self) -> int | None:
        """The token after each document, if there is one."""
        return self.index.end_of_text_id

    def __len__(self) -> int:
        """Return the number of tokens."""
        return self._length

    def __getitem__(self, positions: slice) -> Integer[Tensor, " M"]:
        """Read consecutive tokens.

        Args:
            positions: A slice without a step.

        Returns:
            Their ids, as unsigned integers of 16 or 32 bits.

        Raises:
            TypeError: If the positions are anything else.
        """
        if not isinstance(positions, slice) or positions.step not in (None, 1):
            raise TypeError(f"a sharded stream is read by slices without a step, not by {positions!r}")
        start, stop, _ = positions.indices(self._length)
        pieces = list(self._pieces(self._start + start, self._start + stop))
        return pieces[0] if len(pieces) == 1 else torch.cat(pieces)

    def narrow(self, start: int, length: int) -> "ShardedTokens":
        """Select a range of the stream without reading it, such as everything before a held-out validation part.

        Args:
            start: The first token.
            length: How many.

        Returns:
            A stream on the same shards.

        Raises:
            ValueError: If the range is not within the stream.
        """
        if not 0 <= start <= start + length <= self._length:
            raise ValueError(f"start={start} and length={length} are not within a stream of {self._length} tokens")
        return ShardedTokens(self.folder, self.index, self._start + start, length)

    def _pieces(self, start: int, stop: int) -> Iterator[Tensor]:
        """Read from all shards that a range overlaps, at least one."""
        number = min(bisect_right(self._ends, start), len(self._ends) - 1)
        while True:
            shard_start = self._ends[number] - self.index.shards[number].num_tokens
            yield self._shard(number, stop - start)[max(start - shard_start, 0) : max(stop - shard_start, 0)]
            if stop <= self._ends[number]:
                return
            number += 1

    def _shard(self, number: int, num_tokens: int) -> Tensor:
        """Map a shard, after releasing all maps if many of their pages may be in memory."""
        self._mapped_bytes += max(4 * num_tokens, BYTES_PER_FAULT)
        if self._mapped_bytes > RELEASE_BYTES:
            self._maps.clear()
            self._mapped_bytes = 0
        if number not in self._maps:
            self._maps[number] = load_stream_file(self.folder / self.index.shards[number].file, verify=False)
        return self._maps[number]


TokenStream = Integer[Tensor, " M"] | ShardedTokens
"""Token ids in memory, memory-mapped from one file, or in a folder of shards."""


def write_token_shards(
    tokenizer: BatchEncoder,
    documents: Iterable[str],
    folder: Path,
    *,
    shard_tokens: int = SHARD_TOKENS,
    end_of_text: str | None = END_OF_TEXT,
    num_workers: int = 0,
    progress: bool = True,
) -> ShardedTokens:
    """Encode documents into a folder of shards. Neither the documents nor the tokens need to fit in memory.

    If the folder already holds some of the same documents, because an earlier call was interrupted, their text is read
    and compared, but not encoded again. So after an interruption, repeat the same call until it returns.

    Args:
        tokenizer: Encodes each document on its own.
        documents: The texts, consumed lazily. Special tokens that are spelled out in them count as ordinary text.
        folder: Where to write ``00000.safetensors``, ``00001.safetensors`` and so on, and ``index.json``.
        shard_tokens: A shard is finished when it has at least this many tokens.
        end_of_text: The special token to put after each document, as in :func:`~lmkit.data.encode_corpus`.
        num_workers: How many processes encode in addition to this one, which reads and writes; 0 for none. They are
            spawned, so a script that uses them needs ``if __name__ == "__main__":``.
        progress: Whether to show a bar if this takes longer than two seconds.

    Returns:
        The stream of all tokens.

    Raises:
        ValueError: If the documents yield no tokens, the folder holds other documents, tokens of another tokenizer or
            other files, ``shard_tokens`` is not positive, or as :func:`~lmkit.data.encode_corpus` says.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from lmkit.tokenizers import train_bpe
        >>> tokenizer = train_bpe(["yes no"], vocab_size=257, special_tokens=(END_OF_TEXT,), progress=False)
        >>> with TemporaryDirectory() as folder:
        ...     stream = write_token_shards(tokenizer, ["no", "on"], Path(folder) / "shards", progress=False)
        ...     print(len(stream))
        6
    """
    if shard_tokens < 1:
        raise ValueError(f"shard_tokens={shard_tokens} must be at least 1")
    end = end_ids(tokenizer, end_of_text)
    index = ShardIndex(vocab_size=tokenizer.vocab_size, end_of_text_id=end[0] if end else None)
    chunks = chunk_documents(with_progress(documents, progress))
    if (folder / INDEX_FILE).exists():
        index.shards = _require_same(index, ShardIndex.load(folder), folder).shards
        chunks = _skip_written(chunks, index, folder, tokenizer, end)
    elif folder.exists() and any(not path.name.startswith(".") for path in folder.iterdir()):
        raise ValueError(f"folder {str(folder)!r} has files, but no {INDEX_FILE}: give a new or an empty folder")
    for unfinished in folder.glob(".*.safetensors.*"):  # left by a process that was killed
        unfinished.unlink()
    with closing(encode_chunks(tokenizer, chunks, end, num_workers)) as encoded:
        for chunk in encoded:
            shard = Shard(file=f"{len(index.shards):05d}.safetensors")
            with replace_file(folder / shard.file) as file:
                rows = _rows_of_shard(chain([chunk], encoded), shard, shard_tokens)
                shard.num_tokens = write_stream(file, rows, tokenizer.vocab_size)
            index.shards.append(shard)
            index.save(folder)
    if not any(shard.num_tokens for shard in index.shards):
        raise ValueError("the corpus is empty: it gives no token")
    index.complete = True
    index.save(folder)
    return ShardedTokens(folder, index)


def load_token_stream(path: Path, *, verify: bool = True) -> TokenStream:
    """Open a file that :func:`encode_corpus` wrote, or a folder of :func:`write_token_shards` or :func:`encode_files`.

    Args:
        path: The file or the folder.
        verify: Whether to read all of it once and compare its checksums. Sizes are always checked.

    Returns:
        The token ids, memory-mapped: unused parts take no memory. Writing to them does not change the file.

    Raises:
        ValueError: If a file has another format, is truncated or damaged, or a folder is not finished.
        FileNotFoundError: If the file or folder does not exist.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from lmkit.data import encode_corpus
        >>> from lmkit.tokenizers import train_bpe
        >>> tokenizer = train_bpe(["yes no"], vocab_size=257, special_tokens=(END_OF_TEXT,), progress=False)
        >>> with TemporaryDirectory() as folder:
        ...     _ = encode_corpus(tokenizer, ["no", "on"], Path(folder) / "tokens.safetensors", progress=False)
        ...     print(load_token_stream(Path(folder) / "tokens.safetensors").tolist())
        [110, 111, 256, 111, 110, 256]
    """
    if not path.is_dir():
        return load_stream_file(path, verify=verify)
    index = ShardIndex.load(path)
    if not index.complete:
        raise ValueError(f"folder {str(path)!r} is not finished: call what writes it again, and it goes on")
    for shard in index.shards:
        num_tokens = len(load_stream_file(path / shard.file, verify=verify))
        if num_tokens != shard.num_tokens:
            raise ValueError(
                f"file {str(path / shard.file)!r} has {num_tokens} tokens, but the index says {shard.num_tokens}"
            )
    return ShardedTokens(path, index)


def _require_same(index: ShardIndex, found: ShardIndex, folder: Path) -> ShardIndex:
    for name in ("vocab_size", "end_of_text_id"):
        ours, theirs = getattr(index, name), getattr(found, name)
        if ours != theirs:
            raise ValueError(f"folder {str(folder)!r} has tokens with {name}={theirs}, but the tokenizer has {ours}")
    return found


def _skip_written(
    chunks: Iterator[list[str]], index: ShardIndex, folder: Path, tokenizer: BatchEncoder, end: list[int]
) -> Iterator[list[str]]:
    """Compare the documents with those the shards were made of, and continue after them."""
    for number, shard in enumerate(index.shards):
        again = Shard(file=shard.file)
        for chunk in islice(chunks, shard.num_chunks):
            if number == 0 and again.num_chunks == 0:
                expected = next(encode_chunks(tokenizer, [chunk], end)).token_ids
                written = load_stream_file(folder / shard.file, verify=False)[: len(expected)]
                if not np.array_equal(expected, written.numpy()):
                    raise ValueError(f"folder {str(folder)!r} has other documents, or tokens of another tokenizer")
            again.add(text_crc32(chunk))
        if again.text_crc32 != shard.text_crc32:
            raise ValueError(f"file {str(folder / shard.file)!r} was made of other documents than those given")
    return chunks


def _rows_of_shard(encoded: Iterable[EncodedChunk], shard: Shard, shard_tokens: int) -> Iterator[np.ndarray]:
    """Take chunks until a shard is full."""
    num_tokens = 0
    for chunk in encoded:
        shard.add(chunk.text_crc32)
        num_tokens += len(chunk.token_ids)
        yield chunk.token_ids
        if num_tokens >= shard_tokens:
            return
