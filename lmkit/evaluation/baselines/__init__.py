"""Baselines: simple methods without a neural network, to judge what a network adds."""

from lmkit.evaluation.baselines.answers import PatternAnswers
from lmkit.evaluation.baselines.classes import MajorityClass, bag_of_words
from lmkit.evaluation.baselines.lexicon import LexiconTagger
from lmkit.evaluation.baselines.search import BM25, TfidfSearch
from lmkit.evaluation.baselines.texts import lead_sentences, word_overlap
from lmkit.evaluation.baselines.translation import WordTranslation, ibm_model_1

__all__ = [
    "BM25",
    "LexiconTagger",
    "MajorityClass",
    "PatternAnswers",
    "TfidfSearch",
    "WordTranslation",
    "bag_of_words",
    "ibm_model_1",
    "lead_sentences",
    "word_overlap",
]
