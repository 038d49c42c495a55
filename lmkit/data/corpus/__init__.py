"""Corpora: where text comes from and where tokens are kept. In ``lmkit.data``, only this package touches the disk."""

from lmkit.data.corpus.clean_files import clean_files
from lmkit.data.corpus.sources import load_documents, load_text
from lmkit.data.corpus.splits import Split, split_documents
from lmkit.data.corpus.token_stream import END_OF_TEXT, encode_corpus, load_token_stream

__all__ = [
    "END_OF_TEXT",
    "Split",
    "clean_files",
    "encode_corpus",
    "load_documents",
    "load_text",
    "load_token_stream",
    "split_documents",
]
