"""Language models, one file per architecture."""

from lmkit.models.bert import BERT, BERTConfig, bert_base
from lmkit.models.encoder_decoder import DecoderCache, EncoderDecoder, EncoderDecoderConfig, transformer_base
from lmkit.models.glove import GloVe, cooccurrence_counts, glove_loss
from lmkit.models.gpt import GPT, GPTConfig, gpt2_small
from lmkit.models.llama import Llama, LlamaConfig, llama3_8b
from lmkit.models.lstm import LSTMConfig, LSTMLanguageModel, LSTMState
from lmkit.models.model_files import SHIPPED
from lmkit.models.ngram import AdditiveNGram, KneserNeyNGram, NGram, count_ngrams
from lmkit.models.permutation_lm import PermutationLM, PermutationLMConfig
from lmkit.models.pretrained import load_pretrained, load_special_ids, load_tokenizer, save_pretrained
from lmkit.models.rope_scaling import RopeScaling, ScaledRotaryPositions, scaled_frequencies
from lmkit.models.skip_gram import SkipGram, negative_sampling_loss, noise_distribution, skip_gram_pairs
from lmkit.models.special_ids import SpecialIds

__all__ = [
    "BERT",
    "GPT",
    "SHIPPED",
    "AdditiveNGram",
    "BERTConfig",
    "DecoderCache",
    "EncoderDecoder",
    "EncoderDecoderConfig",
    "GPTConfig",
    "GloVe",
    "KneserNeyNGram",
    "LSTMConfig",
    "LSTMLanguageModel",
    "LSTMState",
    "Llama",
    "LlamaConfig",
    "NGram",
    "PermutationLM",
    "PermutationLMConfig",
    "RopeScaling",
    "ScaledRotaryPositions",
    "SkipGram",
    "SpecialIds",
    "bert_base",
    "cooccurrence_counts",
    "count_ngrams",
    "glove_loss",
    "gpt2_small",
    "llama3_8b",
    "load_pretrained",
    "load_special_ids",
    "load_tokenizer",
    "negative_sampling_loss",
    "noise_distribution",
    "save_pretrained",
    "scaled_frequencies",
    "skip_gram_pairs",
    "transformer_base",
]
