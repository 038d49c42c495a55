"""Metrics for a model's outputs, and the uncertainty of each score."""

from lmkit.evaluation.answers import answer_f1, answer_words, exact_match
from lmkit.evaluation.bleu import (
    BleuScore,
    BleuTokenizer,
    bleu,
    bleu_signature,
    sentence_bleu,
    tokenize_13a,
    tokenize_zh,
)
from lmkit.evaluation.chrf import ChrfScore, chrf, sentence_chrf
from lmkit.evaluation.cider import cider_d
from lmkit.evaluation.classification import (
    Calibration,
    accuracy,
    calibration,
    class_scores,
    confusion_matrix,
)
from lmkit.evaluation.cross_validation import CrossValidation, Fold, cross_validate, k_fold
from lmkit.evaluation.intervals import (
    Interval,
    PairedComparison,
    Statistic,
    bootstrap_interval,
    paired_bootstrap,
    permutation_test,
)
from lmkit.evaluation.matches import ClassScores, Matches, count_matches
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
from lmkit.evaluation.retrieval import recall_at_k, reciprocal_ranks
from lmkit.evaluation.rouge import longest_common_subsequence, rouge_l, rouge_n
from lmkit.evaluation.spans import entity_scores, span_scores, tags_to_spans
from lmkit.evaluation.words import Tokenize, chinese_characters, lowercase_words

__all__ = [
    "BleuScore",
    "BleuTokenizer",
    "Calibration",
    "ChrfScore",
    "ClassScores",
    "CrossValidation",
    "Fold",
    "Interval",
    "Matches",
    "Normalisation",
    "PairedComparison",
    "Parser",
    "Statistic",
    "TextScore",
    "Tokenize",
    "accuracy",
    "answer_f1",
    "answer_words",
    "bits_per_byte",
    "bleu",
    "bleu_signature",
    "bootstrap_interval",
    "calibrate",
    "calibration",
    "chinese_characters",
    "chrf",
    "cider_d",
    "class_scores",
    "confusion_matrix",
    "count_matches",
    "cross_validate",
    "document_log_probs",
    "entity_scores",
    "exact_match",
    "few_shot_prompt",
    "first_line",
    "k_fold",
    "last_number",
    "longest_common_subsequence",
    "lowercase_words",
    "majority_vote",
    "paired_bootstrap",
    "permutation_test",
    "perplexity",
    "recall_at_k",
    "reciprocal_ranks",
    "rouge_l",
    "rouge_n",
    "score_answers",
    "score_text",
    "self_consistent_answers",
    "sentence_bleu",
    "sentence_chrf",
    "span_scores",
    "tags_to_spans",
    "token_log_probs",
    "tokenize_13a",
    "tokenize_zh",
    "write_answers",
]
