"""Metrics: what a model's answers are worth, with the uncertainty of the figure."""

from lmkit.evaluation.perplexity import (
    TextScore,
    bits_per_byte,
    document_log_probs,
    perplexity,
    score_text,
    token_log_probs,
)
from lmkit.evaluation.prompting import (
    Normalisation,
    Parser,
    calibrate,
    few_shot_prompt,
    first_line,
    last_number,
    majority_vote,
    score_answers,
    self_consistent_answers,
    write_answers,
)

__all__ = [
    "Normalisation",
    "Parser",
    "TextScore",
    "bits_per_byte",
    "calibrate",
    "document_log_probs",
    "few_shot_prompt",
    "first_line",
    "last_number",
    "majority_vote",
    "perplexity",
    "score_answers",
    "score_text",
    "self_consistent_answers",
    "token_log_probs",
    "write_answers",
]
