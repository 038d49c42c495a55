"""Encode documents in this process or in several, lazily and in order."""

import zlib
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

CHUNK_CHARS = 2**20
PENDING_PER_WORKER = 3


@runtime_checkable
class BatchEncoder(Protocol):
    """The interface needed to encode a corpus; every lmkit tokenizer has it."""

    @property
    def vocab_size(self) -> int:
        """One more than the largest id."""

    @property
    def special_tokens(self) -> Mapping[str, int]:
        """The ids of the tokens that no text can produce."""

    def encode_batch(self, texts: list[str], /) -> list[list[int]]:
        """Encode each text on its own."""


class EncodedChunk(NamedTuple):
    """The tokens of some documents, and a checksum of their text."""

    token_ids: np.ndarray
    text_crc32: int


def chunk_documents(documents: Iterable[str]) -> Iterator[list[str]]:
    """Collect documents into chunks of about a million characters.

    Args:
        documents: The texts.

    Yields:
        Chunks of at least one document; a long document is a chunk of its own.
    """
    chunk: list[str] = []
    num_chars = 0
    for document in documents:
        chunk.append(document)
        num_chars += len(document)
        if num_chars >= CHUNK_CHARS:
            yield chunk
            chunk, num_chars = [], 0
    if chunk:
        yield chunk


def text_crc32(chunk: Iterable[str]) -> int:
    """Compute a checksum of documents and of where each ends.

    Args:
        chunk: The texts.

    Returns:
        32 bits.
    """
    checksum = 0
    for document in chunk:
        checksum = zlib.crc32(document.encode("utf-8", "surrogatepass") + b"\xff", checksum)  # never a byte of UTF-8
    return checksum


def encode_chunks(
    tokenizer: BatchEncoder, chunks: Iterable[list[str]], end: list[int], num_workers: int = 0
) -> Generator[EncodedChunk, None, None]:
    """Encode documents, each on its own, in the order of the chunks.

    Args:
        tokenizer: Any tokenizer; with workers it must be possible to pickle it.
        chunks: Some documents at a time, read only as fast as they are encoded.
        end: Token ids to put after each document.
        num_workers: How many additional processes encode; 0 for none.

    Yields:
        The tokens of one chunk after another.

    Raises:
        ValueError: If the number of workers is negative, or an id is not below the tokenizer's ``vocab_size``.
    """
    if num_workers < 0:
        raise ValueError(f"num_workers={num_workers} must be at least 0")
    if num_workers == 0:
        for chunk in chunks:
            yield _encode_chunk(tokenizer, chunk, end)
    else:
        yield from _in_processes(tokenizer, chunks, end, num_workers)


def _encode_chunk(tokenizer: BatchEncoder, chunk: list[str], end: list[int]) -> EncodedChunk:
    rows = tokenizer.encode_batch(chunk)
    token_ids = np.fromiter((token_id for row in rows for token_id in (*row, *end)), dtype=np.int64)
    for token_id in (token_ids.min(), token_ids.max()) if len(token_ids) else ():
        if not 0 <= token_id < tokenizer.vocab_size:
            raise ValueError(
                f"token id {token_id} is out of range for a tokenizer with vocab_size={tokenizer.vocab_size}"
            )
    return EncodedChunk(token_ids.astype(token_dtype(tokenizer.vocab_size)), text_crc32(chunk))


def token_dtype(vocab_size: int) -> np.dtype:
    """Choose how tokens are stored.

    Args:
        vocab_size: One more than the largest id.

    Returns:
        Unsigned integers of 16 bits, or of 32 for a vocabulary above 65536.
    """
    return np.dtype("<u2" if vocab_size <= 2**16 else "<u4")


def _in_processes(
    tokenizer: BatchEncoder, chunks: Iterable[list[str]], end: list[int], num_workers: int
) -> Iterator[EncodedChunk]:
    """Keep a few chunks in flight for each process, and yield the results in order."""
    pool = ProcessPoolExecutor(
        num_workers, mp_context=get_context("spawn"), initializer=_Worker.start, initargs=(tokenizer, end)
    )
    pending: deque[Future[EncodedChunk]] = deque()
    try:
        for chunk in chunks:
            pending.append(pool.submit(_Worker.encode, chunk))
            if len(pending) > PENDING_PER_WORKER * num_workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


class _Worker:
    """What a process keeps from one chunk to the next: the tokenizer, with all that it has cached."""

    tokenizer: BatchEncoder
    end: list[int]

    @classmethod
    def start(cls, tokenizer: BatchEncoder, end: list[int]) -> None:
        cls.tokenizer, cls.end = tokenizer, end

    @classmethod
    def encode(cls, chunk: list[str]) -> EncodedChunk:
        return _encode_chunk(cls.tokenizer, chunk, cls.end)
