"""From text to batches: corpora, cleaning, token streams, and one kind of batch per objective."""

from lmkit.data.batches import Batch, Batches, Reading, next_token_batches
from lmkit.data.cleaning import CLEANING_STEPS, CleaningReport, CleaningStep, StepReport, clean_corpus
from lmkit.data.corpus import (
    END_OF_TEXT,
    ShardedTokens,
    Split,
    TokenStream,
    clean_files,
    encode_corpus,
    encode_files,
    find_text_files,
    is_in_split,
    load_documents,
    load_text,
    load_token_stream,
    split_documents,
    write_token_shards,
)
from lmkit.data.deduplication import Deduplication, ExactDuplicates, NearDuplicates
from lmkit.data.documents import document_batches
from lmkit.data.markup import strip_markup
from lmkit.data.masked import Masking, masked_batches
from lmkit.data.normalization import normalize_whitespace, remove_control_characters, repair_unicode
from lmkit.data.permuted import permuted_batches
from lmkit.data.prefetch import PrefetchedBatches, prefetch
from lmkit.data.privacy import Masked, mask_emails, mask_ip_addresses, mask_phone_numbers
from lmkit.data.quality import (
    GOPHER_RULES,
    has_alphabetic_words,
    has_enough_words,
    has_few_bullets,
    has_few_cut_lines,
    has_few_repeated_lines,
    has_few_repeated_ngrams,
    has_few_symbols,
    has_few_top_ngrams,
    has_stop_words,
    has_usual_word_length,
)
from lmkit.data.repeated_lines import remove_repeated_lines
from lmkit.data.sentence_pairs import Sentences, sentence_pair_batches
from lmkit.data.seq2seq import pad, seq2seq_batches
from lmkit.data.text_classifier import HashedNgrams, HasLabel, TextClassifier, train_text_classifier

__all__ = [
    "CLEANING_STEPS",
    "END_OF_TEXT",
    "GOPHER_RULES",
    "Batch",
    "Batches",
    "CleaningReport",
    "CleaningStep",
    "Deduplication",
    "ExactDuplicates",
    "HasLabel",
    "HashedNgrams",
    "Masked",
    "Masking",
    "NearDuplicates",
    "PrefetchedBatches",
    "Reading",
    "Sentences",
    "ShardedTokens",
    "Split",
    "StepReport",
    "TextClassifier",
    "TokenStream",
    "clean_corpus",
    "clean_files",
    "document_batches",
    "encode_corpus",
    "encode_files",
    "find_text_files",
    "has_alphabetic_words",
    "has_enough_words",
    "has_few_bullets",
    "has_few_cut_lines",
    "has_few_repeated_lines",
    "has_few_repeated_ngrams",
    "has_few_symbols",
    "has_few_top_ngrams",
    "has_stop_words",
    "has_usual_word_length",
    "is_in_split",
    "load_documents",
    "load_text",
    "load_token_stream",
    "mask_emails",
    "mask_ip_addresses",
    "mask_phone_numbers",
    "masked_batches",
    "next_token_batches",
    "normalize_whitespace",
    "pad",
    "permuted_batches",
    "prefetch",
    "remove_control_characters",
    "remove_repeated_lines",
    "repair_unicode",
    "sentence_pair_batches",
    "seq2seq_batches",
    "split_documents",
    "strip_markup",
    "train_text_classifier",
    "write_token_shards",
]
