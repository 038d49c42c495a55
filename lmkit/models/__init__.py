"""Language models, each written to be read from top to bottom."""

from lmkit.models.ngram import AdditiveNGram, KneserNeyNGram, NGram, count_ngrams

__all__ = ["AdditiveNGram", "KneserNeyNGram", "NGram", "count_ngrams"]
