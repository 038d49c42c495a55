"""Token streams: a corpus as one long sequence of token ids, in memory or memory-mapped from a file.

The file is in the safetensors format, with one tensor ``token_ids`` of 16 or 32 bits a token, and a checksum
and the size of the vocabulary in its header. Any reader of that format can open it.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from jaxtyping import Integer
from safetensors import SafetensorError, safe_open
from torch import Tensor
from tqdm import tqdm

from lmkit.data.corpus.encoding import BatchEncoder, chunk_documents, encode_chunks, token_dtype
from lmkit.data.corpus.files import replace_file

END_OF_TEXT = "<|endoftext|>"
"""The special token that ends a document, in GPT-2 and its successors."""

HEADER_BYTES = 512
PROGRESS_AFTER_SECONDS = 2.0


def encode_corpus(
    tokenizer: BatchEncoder,
    corpus: str | Iterable[str],
    path: Path | None = None,
    *,
    end_of_text: str | None = END_OF_TEXT,
    num_workers: int = 0,
    progress: bool = True,
) -> Integer[Tensor, " M"]:
    """Encode a corpus as one stream of tokens.

    Documents are read lazily and, with a path, tokens are written as they are produced, so that neither the corpus
    nor the stream needs to fit in memory.

    Args:
        tokenizer: Encodes each document on its own.
        corpus: One text, or documents. Special tokens that are spelled out in them count as ordinary text.
        path: Where to write the stream, usually ``*.safetensors``. The file appears only when it is complete.
        end_of_text: The special token to put after each document; a single text gets none. ``<|endoftext|>`` is
            omitted if the tokenizer does not have it; ``None`` always omits it.
        num_workers: How many processes encode in addition to this one, which reads and writes; 0 for none. They are
            spawned, so a script that uses them needs ``if __name__ == "__main__":``.
        progress: Whether to show a bar if this takes longer than two seconds.

    Returns:
        The token ids: without a path as 64-bit integers in memory; with one, memory-mapped as unsigned integers of
        16 bits, or of 32 for a vocabulary above 65536.

    Raises:
        ValueError: If the corpus yields no tokens, the special token is unknown, or an id is not below the tokenizer's
            ``vocab_size``.

    Example:
        >>> from lmkit.tokenizers import train_bpe
        >>> encode_corpus(train_bpe("ab", 257, [END_OF_TEXT]), ["a", "b"]).tolist()
        [97, 256, 98, 256]
    """
    end = [] if isinstance(corpus, str) else end_ids(tokenizer, end_of_text)
    chunks = chunk_documents(with_progress([corpus] if isinstance(corpus, str) else corpus, progress))
    with closing(encode_chunks(tokenizer, chunks, end, num_workers)) as encoded:
        rows = (chunk.token_ids for chunk in encoded)
        if path is None:
            token_ids = np.concatenate([np.empty(0, np.int64), *rows])
            if len(token_ids) == 0:
                raise ValueError("the corpus is empty: it gives no token")
            return torch.from_numpy(token_ids.astype(np.int64))
        with replace_file(path) as file:
            if write_stream(file, rows, tokenizer.vocab_size) == 0:
                raise ValueError("the corpus is empty: it gives no token")
    return load_stream_file(path, verify=False)


def load_stream_file(path: Path, *, verify: bool = True) -> Integer[Tensor, " M"]:
    """Open a file that :func:`encode_corpus` wrote.

    Args:
        path: The file.
        verify: Whether to read all of it once and compare its checksum. Its size is always checked.

    Returns:
        The token ids, memory-mapped: unused parts take no memory. Writing to them does not change the file.

    Raises:
        ValueError: If the file has another format, or is truncated or damaged.
        FileNotFoundError: If the file does not exist.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            token_ids = file.get_tensor("token_ids")
    except SafetensorError as error:
        raise ValueError(f"file {str(path)!r} is cut short or no token stream: {error}") from error
    if "crc32" not in header or token_ids.dtype not in (torch.uint16, torch.uint32):
        raise ValueError(f"file {str(path)!r} is a safetensors file, but no token stream: its header is {header}")
    if verify and (checksum := zlib.crc32(token_ids.numpy())) != int(header["crc32"]):
        raise ValueError(f"file {str(path)!r} is damaged: its checksum is {checksum} and should be {header['crc32']}")
    return token_ids


def end_ids(tokenizer: BatchEncoder, end_of_text: str | None) -> list[int]:
    """Look up the token that ends a document.

    Args:
        tokenizer: The tokenizer.
        end_of_text: The token's name. ``None`` for no token; ``<|endoftext|>`` is omitted if the tokenizer lacks it.

    Returns:
        The id in a list, or an empty list.

    Raises:
        ValueError: If the token is unknown.
    """
    if end_of_text is None:
        return []
    if end_of_text in tokenizer.special_tokens:
        return [tokenizer.special_tokens[end_of_text]]
    if end_of_text == END_OF_TEXT:
        return []
    raise ValueError(f"end_of_text={end_of_text!r} is not one of the special tokens {list(tokenizer.special_tokens)}")


def with_progress(documents: Iterable[str], progress: bool) -> Iterator[str]:
    """Show a progress bar while documents are read, if this takes longer than two seconds.

    Args:
        documents: The texts.
        progress: Whether to show it at all.

    Yields:
        The documents.
    """
    total = sum(map(len, documents)) if isinstance(documents, Sequence) else None
    with tqdm(
        desc="encode", total=total, unit="char", unit_scale=True, delay=PROGRESS_AFTER_SECONDS, disable=not progress
    ) as bar:
        for document in documents:
            yield document
            bar.update(len(document))


def write_stream(file: BinaryIO, rows: Iterable[np.ndarray], vocab_size: int) -> int:
    """Write tokens as they arrive, then go back and fill in the header.

    Args:
        file: Open for writing, at its beginning.
        rows: Token ids of the type that :func:`~lmkit.data.corpus.encoding.token_dtype` gives.
        vocab_size: One more than the largest id.

    Returns:
        How many tokens there were.
    """
    dtype = token_dtype(vocab_size)
    file.write(bytes(HEADER_BYTES))
    num_tokens, checksum = 0, 0
    for token_ids in rows:
        file.write(token_ids.data)
        num_tokens += len(token_ids)
        checksum = zlib.crc32(token_ids.data, checksum)
    header = {
        "__metadata__": {"crc32": str(checksum), "vocab_size": str(vocab_size)},
        "token_ids": {
            "dtype": "U16" if dtype.itemsize == 2 else "U32",
            "shape": [num_tokens],
            "data_offsets": [0, num_tokens * dtype.itemsize],
        },
    }
    length = HEADER_BYTES - 8  # the header follows its own length
    file.seek(0)
    file.write(length.to_bytes(8, "little") + json.dumps(header).encode().ljust(length))
    return num_tokens
