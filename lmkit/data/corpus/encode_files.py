"""Encode a corpus of many files on many processes or machines, into one folder of token shards."""

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

from lmkit.data.corpus.cluster import dask_client
from lmkit.data.corpus.encoding import BatchEncoder
from lmkit.data.corpus.files import read_documents
from lmkit.data.corpus.token_shards import (
    SHARD_TOKENS,
    Shard,
    ShardedTokens,
    ShardIndex,
    write_token_shards,
)
from lmkit.data.corpus.token_stream import END_OF_TEXT, end_ids

GROUP_BYTES = 2**27


def encode_files(
    tokenizer: BatchEncoder,
    paths: Sequence[Path],
    folder: Path,
    *,
    keep: Callable[[str], bool] | None = None,
    shard_tokens: int = SHARD_TOKENS,
    end_of_text: str | None = END_OF_TEXT,
    scheduler: str | None = None,
    num_workers: int | None = None,
) -> ShardedTokens:
    """Encode the documents of many files in parallel, on a Dask cluster.

    Files are encoded in groups of about 128 MB, each into a folder of its own by one worker. If a call is interrupted,
    the same call continues where it stopped, as :func:`~lmkit.data.write_token_shards` does for each group. A script
    that runs this without ``scheduler`` needs ``if __name__ == "__main__":``, because processes are spawned.

    Args:
        tokenizer: Encodes each document on its own; it must be possible to pickle it.
        paths: Files as :func:`~lmkit.data.load_documents` takes them, in the order of the stream.
        folder: Where to write the shards and ``index.json``. All workers must see it under this path.
        keep: Says whether to take a document, such as ``partial(is_in_split, "train", validation=0.01, test=0.0)``
            of :func:`~lmkit.data.is_in_split`; ``None`` takes all that contain more than whitespace.
        shard_tokens: A shard is finished when it has at least this many tokens.
        end_of_text: The special token to put after each document, as in :func:`~lmkit.data.encode_corpus`.
        scheduler: The address of a running Dask scheduler, such as ``tcp://10.0.0.1:8786``, whose workers see the same
            files and have lmkit installed. ``None`` starts workers on this machine.
        num_workers: How many to start; ``None`` for one per core.

    Returns:
        The stream of all tokens.

    Raises:
        ValueError: If there are no files, or no tokens in them, or as :func:`~lmkit.data.write_token_shards` says.
        ImportError: If the extra ``lmkit-book[data]`` is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from distributed import LocalCluster
        >>> from lmkit.models import load_tokenizer
        >>> cluster = LocalCluster(n_workers=1, processes=False, dashboard_address="127.0.0.1:0")
        >>> tokenizer = load_tokenizer("storyworld-gpt")
        >>> with cluster, TemporaryDirectory() as folder:
        ...     text, shards = Path(folder, "text.txt"), Path(folder, "shards")
        ...     _ = text.write_text("Anna found a red kite.")
        ...     token_stream = encode_files(tokenizer, [text], shards, scheduler=cluster.scheduler_address)
        ...     tokenizer.decode(token_stream[:].tolist())
        'Anna found a red kite.<|endoftext|>'
    """
    if not paths:
        raise ValueError("paths is empty: there is no file to encode")
    end = end_ids(tokenizer, end_of_text)
    index = ShardIndex(vocab_size=tokenizer.vocab_size, end_of_text_id=end[0] if end else None)
    groups = _groups(paths)
    names = [f"{number:05d}" for number in range(len(groups))]
    with dask_client(scheduler, num_workers) as client:
        shared = client.scatter(tokenizer, broadcast=True)
        futures = [
            client.submit(_encode_group, shared, group, folder / name, keep, shard_tokens, end_of_text, pure=False)
            for group, name in zip(groups, names, strict=True)
        ]
        for name, future in zip(names, futures, strict=True):
            for shard in future.result():
                index.shards.append(Shard(**vars(shard) | {"file": f"{name}/{shard.file}"}))
    if not index.shards:
        raise ValueError("the corpus is empty: it gives no token")
    index.complete = True
    index.save(folder)
    return ShardedTokens(folder, index)


def _groups(paths: Sequence[Path]) -> list[list[Path]]:
    """Group consecutive files until a group is large enough to be worth a worker's time."""
    groups: list[list[Path]] = [[]]
    num_bytes = 0
    for path in paths:
        if num_bytes >= GROUP_BYTES:
            groups.append([])
            num_bytes = 0
        groups[-1].append(path)
        num_bytes += path.stat().st_size
    return groups


def _encode_group(
    tokenizer: BatchEncoder,
    paths: Sequence[Path],
    folder: Path,
    keep: Callable[[str], bool] | None,
    shard_tokens: int,
    end_of_text: str | None,
) -> list[Shard]:
    """On a worker: encode those of the files that are not encoded yet."""
    texts = chain.from_iterable(map(read_documents, paths))
    documents = (text for text in texts if text.strip() and (keep is None or keep(text)))
    first = next(documents, None)
    if first is None:
        return []
    stream = write_token_shards(
        tokenizer, chain([first], documents), folder, shard_tokens=shard_tokens, end_of_text=end_of_text, progress=False
    )
    return stream.index.shards
