"""Tokenizers: byte-level BPE, WordPiece and Unigram, in the file formats of the common libraries. Without PyTorch."""

from lmkit.tokenizers.base import OffsetTokenizer, Tokenizer
from lmkit.tokenizers.bpe import BPETokenizer
from lmkit.tokenizers.bpe_training import train_bpe
from lmkit.tokenizers.metaspace import Metaspace
from lmkit.tokenizers.pretokenize import GPT2_PATTERN
from lmkit.tokenizers.sentencepiece_bpe import SentencePieceBPETokenizer
from lmkit.tokenizers.unigram import UnigramTokenizer
from lmkit.tokenizers.unigram_training import expected_piece_counts, train_unigram
from lmkit.tokenizers.wordpiece import BERT_SPECIAL_TOKENS, WordPieceTokenizer
from lmkit.tokenizers.wordpiece_training import train_wordpiece

__all__ = [
    "BERT_SPECIAL_TOKENS",
    "GPT2_PATTERN",
    "BPETokenizer",
    "Metaspace",
    "OffsetTokenizer",
    "SentencePieceBPETokenizer",
    "Tokenizer",
    "UnigramTokenizer",
    "WordPieceTokenizer",
    "expected_piece_counts",
    "train_bpe",
    "train_unigram",
    "train_wordpiece",
]
