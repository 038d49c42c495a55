"""The text that ``lmkit train`` learns from: a tokenizer, and token streams for training and validation."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from jaxtyping import Integer
from torch import Tensor

from lmkit.data import END_OF_TEXT, ShardedTokens, encode_corpus, load_token_stream, split_documents
from lmkit.models import load_tokenizer
from lmkit.recipes.saved_model import TRAIN_TOKENS, VALIDATION_TOKENS
from lmkit.tokenizers import Tokenizer, train_bpe

BYTES_PER_TOKEN_TYPE = 500
FEW_DOCUMENTS = 20
FEWEST_TOKENS = 4


@dataclass(frozen=True, kw_only=True)
class TextCorpus:
    """A text as tokens.

    Args:
        tokenizer: The tokenizer of the text.
        training: The tokens to learn from.
        validation: The tokens to evaluate on.
        summary: What was read and how it was split, one line each.
    """

    tokenizer: Tokenizer
    training: Integer[Tensor, " M"] | ShardedTokens
    validation: Integer[Tensor, " N"] | ShardedTokens
    summary: tuple[str, ...]


def fingerprint(documents: Iterable[str]) -> str:
    """Hash a corpus, to tell one from another.

    Args:
        documents: All documents.

    Returns:
        A hash of the documents and their order.

    Example:
        >>> fingerprint(["a", "b"]) == fingerprint(["ab"])
        False
    """
    digest = hashlib.blake2b(digest_size=8)
    for document in documents:
        data = document.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


def text_corpus(
    documents: list[str],
    tokenizer_file: Path,
    *,
    vocab_size: int,
    context_length: int,
    make_tokenizer: bool = True,
    wait: Callable[[], None] = lambda: None,
    progress: bool = True,
) -> TextCorpus:
    """Split documents, train a tokenizer if there is none yet, and encode.

    A tenth of the documents is for validation; with few documents, the last tenth of the tokens.

    Args:
        documents: The text.
        tokenizer_file: Where the tokenizer is or will be.
        vocab_size: Maximum vocabulary size of a new tokenizer; a small text gets a smaller one.
        context_length: How many tokens the model can read.
        make_tokenizer: Whether this process trains the tokenizer if it is missing.
        wait: Called before the tokenizer is read; returns when it is there.
        progress: Whether to show progress bars.

    Returns:
        The corpus.

    Raises:
        ValueError: If there are too few tokens to train and evaluate on.
    """
    split = split_documents(documents, validation=0.1, test=0.0)
    num_bytes = sum(len(document.encode("utf-8", "replace")) for document in documents)
    if make_tokenizer and not tokenizer_file.exists():
        vocab_size = min(vocab_size, 300 + num_bytes // BYTES_PER_TOKEN_TYPE)
        train_bpe(split.train or documents, vocab_size, (END_OF_TEXT,), progress=progress).save(tokenizer_file)
    wait()
    tokenizer = load_tokenizer(tokenizer_file)
    summary = [
        f"corpus: {len(documents):,} documents, {num_bytes:,} bytes",
        f"tokenizer: byte-level BPE with {tokenizer.vocab_size:,} tokens, in {tokenizer_file}",
    ]
    if len(documents) < FEW_DOCUMENTS or not split.validation or not split.train:
        stream = encode_corpus(tokenizer, split.train + split.validation, progress=progress)
        if len(stream) < FEWEST_TOKENS:
            raise ValueError(f"the corpus has {len(stream)} tokens: too few to train and evaluate on")
        held_out = max(2, len(stream) // 10, min(context_length + 1, len(stream) // 4))
        training, validation = stream[:-held_out], stream[-held_out:]
        summary.append(f"validation: the last {held_out:,} of {len(stream):,} tokens, because there are few documents")
    else:
        training, validation = (
            encode_corpus(tokenizer, part, progress=progress) for part in (split.train, split.validation)
        )
        summary.append(f"validation: {len(split.validation):,} documents, {len(validation):,} tokens")
    for name, stream in (("training", training), ("validation", validation)):
        if len(stream) <= context_length:
            summary.append(f"{name}: windows of {len(stream) - 1} tokens, because the text is shorter than the context")
    return TextCorpus(tokenizer=tokenizer, training=training, validation=validation, summary=tuple(summary))


def sharded_corpus(folder: Path) -> tuple[TextCorpus, str]:
    """Open what ``lmkit tokenize --shards`` wrote; the tokens stay on disk.

    Args:
        folder: The folder.

    Returns:
        The corpus and its fingerprint.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If a file is damaged.
    """
    if not (folder / "tokenizer.json").is_file():
        raise FileNotFoundError(
            f"tokens={str(folder)!r} has no tokenizer.json: create the folder with lmkit tokenize --shards"
        )
    training, validation = (load_token_stream(folder / name) for name in (TRAIN_TOKENS, VALIDATION_TOKENS))
    tokenizer = load_tokenizer(folder)
    summary = (
        f"tokens: {len(training):,} for training and {len(validation):,} for validation, in {folder}",
        f"tokenizer: {tokenizer.vocab_size:,} tokens",
    )
    corpus = TextCorpus(tokenizer=tokenizer, training=training, validation=validation, summary=summary)
    return corpus, fingerprint((folder / name / "index.json").read_text() for name in (TRAIN_TOKENS, VALIDATION_TOKENS))
