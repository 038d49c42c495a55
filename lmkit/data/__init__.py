"""From text to batches: corpora, cleaning, token streams, and one kind of batch per objective."""

from lmkit.data.batches import Batch, Batches, Reading, next_token_batches
from lmkit.data.corpus import Split, encode_corpus, load_documents, load_text, load_token_stream, split_documents

__all__ = [
    "Batch",
    "Batches",
    "Reading",
    "Split",
    "encode_corpus",
    "load_documents",
    "load_text",
    "load_token_stream",
    "next_token_batches",
    "split_documents",
]
