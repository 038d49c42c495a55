"""From text to batches: corpora, cleaning, token streams, and one kind of batch per objective."""

from lmkit.data.batches import Batch, Batches, Reading, next_token_batches
from lmkit.data.corpus import Split, load_documents, load_text, split_documents

__all__ = [
    "Batch",
    "Batches",
    "Reading",
    "Split",
    "load_documents",
    "load_text",
    "next_token_batches",
    "split_documents",
]
