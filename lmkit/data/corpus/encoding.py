"""Encode documents in this process or in several, lazily and in order."""

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Protocol, runtime_checkable

import numpy as np

CHUNK_CHARS = 2**20
PENDING_PER_WORKER = 3


@runtime_checkable
class BatchEncoder(Protocol):
    """What it takes to encode a corpus; every tokenizer of lmkit has it."""

    @property
    def vocab_size(self) -> int:
        """One more than the largest id."""

    @property
    def special_tokens(self) -> Mapping[str, int]:
        """The ids of the tokens that are not spelled by text."""

    def encode_batch(self, texts: list[str], /) -> list[list[int]]:
        """Encode each text on its own."""


def encode_documents(
    tokenizer: BatchEncoder, documents: Iterable[str], end: list[int], num_workers: int = 0
) -> Generator[np.ndarray, None, None]:
    """Encode documents, each on its own, a chunk of about a million characters at a time.

    Args:
        tokenizer: Any tokenizer; with workers it must be possible to pickle it.
        documents: The texts, read only as fast as they are encoded.
        end: Token ids to put after each document.
        num_workers: How many processes encode, beside this one; 0 for none.

    Yields:
        The token ids of one chunk after the other, never an empty one.

    Raises:
        ValueError: If the number of workers is negative.
    """
    if num_workers < 0:
        raise ValueError(f"num_workers={num_workers} must be at least 0")
    chunks = _chunks(documents)
    encoded = _in_processes(tokenizer, chunks, end, num_workers) if num_workers else _here(tokenizer, chunks, end)
    yield from (token_ids for token_ids in encoded if len(token_ids))


def _chunks(documents: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    num_chars = 0
    for document in documents:
        chunk.append(document)
        num_chars += len(document)
        if num_chars >= CHUNK_CHARS:
            yield chunk
            chunk, num_chars = [], 0
    yield chunk


def _encode_chunk(tokenizer: BatchEncoder, chunk: list[str], end: list[int]) -> np.ndarray:
    rows = tokenizer.encode_batch(chunk)
    return np.fromiter((token_id for row in rows for token_id in (*row, *end)), dtype=np.int64)


def _here(tokenizer: BatchEncoder, chunks: Iterable[list[str]], end: list[int]) -> Iterator[np.ndarray]:
    for chunk in chunks:
        yield _encode_chunk(tokenizer, chunk, end)


def _in_processes(
    tokenizer: BatchEncoder, chunks: Iterable[list[str]], end: list[int], num_workers: int
) -> Iterator[np.ndarray]:
    """Keep a few chunks in work for each process, and hand the results on in order."""
    pool = ProcessPoolExecutor(
        num_workers, mp_context=get_context("spawn"), initializer=_Worker.start, initargs=(tokenizer, end)
    )
    pending: deque[Future[np.ndarray]] = deque()
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
    def encode(cls, chunk: list[str]) -> np.ndarray:
        return _encode_chunk(cls.tokenizer, chunk, cls.end)
