"""Metrics: what a model's answers are worth, with the uncertainty of the figure."""

from lmkit.evaluation.perplexity import (
    TextScore,
    bits_per_byte,
    document_log_probs,
    perplexity,
    score_text,
    token_log_probs,
)

__all__ = ["TextScore", "bits_per_byte", "document_log_probs", "perplexity", "score_text", "token_log_probs"]
