"""Corpora: where text comes from and where tokens are kept. In ``lmkit.data``, only this package touches the disk."""

from lmkit.data.corpus.sources import load_documents, load_text
from lmkit.data.corpus.splits import Split, split_documents

__all__ = ["Split", "load_documents", "load_text", "split_documents"]
