"""Corpora: where text comes from and where tokens are kept. In ``lmkit.data``, only this package touches the disk."""

from lmkit.data.corpus.clean_files import clean_files
from lmkit.data.corpus.sources import load_documents, load_text
from lmkit.data.corpus.splits import Split, split_documents
from lmkit.data.corpus.task_files import load_task, read_examples
from lmkit.data.corpus.token_stream import encode_corpus, load_token_stream

__all__ = [
    "Split",
    "clean_files",
    "encode_corpus",
    "load_documents",
    "load_task",
    "load_text",
    "load_token_stream",
    "read_examples",
    "split_documents",
]
