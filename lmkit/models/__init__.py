"""Language models, each written to be read from top to bottom."""

from lmkit.models.gpt import GPT, GPTConfig, gpt2_small
from lmkit.models.ngram import AdditiveNGram, KneserNeyNGram, NGram, count_ngrams

__all__ = ["GPT", "AdditiveNGram", "GPTConfig", "KneserNeyNGram", "NGram", "count_ngrams", "gpt2_small"]
