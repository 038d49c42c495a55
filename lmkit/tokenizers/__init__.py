"""Tokenizers: byte-level BPE, WordPiece and Unigram, with the formats of the libraries in wide use. No torch."""

from lmkit.tokenizers.base import Tokenizer
from lmkit.tokenizers.bpe import BPETokenizer
from lmkit.tokenizers.bpe_training import train_bpe
from lmkit.tokenizers.pretokenize import GPT2_PATTERN

__all__ = ["GPT2_PATTERN", "BPETokenizer", "Tokenizer", "train_bpe"]
