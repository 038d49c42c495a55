"""Corpora: where text comes from and where tokens are kept. In ``lmkit.data``, only this package touches the disk."""

from lmkit.data.corpus.clean_files import clean_files
from lmkit.data.corpus.encode_files import encode_files
from lmkit.data.corpus.folders import find_text_files
from lmkit.data.corpus.sources import load_documents, load_text
from lmkit.data.corpus.splits import Split, is_in_split, split_documents
from lmkit.data.corpus.token_shards import ShardedTokens, TokenStream, load_token_stream, write_token_shards
from lmkit.data.corpus.token_stream import END_OF_TEXT, encode_corpus

__all__ = [
    "END_OF_TEXT",
    "ShardedTokens",
    "Split",
    "TokenStream",
    "clean_files",
    "encode_corpus",
    "encode_files",
    "find_text_files",
    "is_in_split",
    "load_documents",
    "load_text",
    "load_token_stream",
    "split_documents",
    "write_token_shards",
]
