"""Defaults are promises: each here is that of the library or of the paper that users come from."""

import inspect

import pytest
import torch
from transformers import BertConfig, GPT2Config
from transformers.models.llama.modeling_llama import LlamaRMSNorm

from lmkit import data, evaluation, finetuning, generation, models, nn, tokenizers, training


def defaults(function):
    return {
        name: parameter.default
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is not parameter.empty
    }


AS_IN_TORCH = {
    nn.LayerNorm: (torch.nn.LayerNorm, {"eps": "eps"}),
    nn.layer_norm: (torch.nn.LayerNorm, {"eps": "eps"}),
    nn.RMSNorm: (LlamaRMSNorm, {"eps": "eps"}),  # PyTorch's own depends on the number format
    nn.rms_norm: (LlamaRMSNorm, {"eps": "eps"}),
    models.EncoderDecoderConfig: (torch.nn.Transformer, {"norm_eps": "layer_norm_eps"}),
    training.SGD: (torch.optim.SGD, {"momentum": "momentum"}),
    training.AdamW: (torch.optim.AdamW, {name: name for name in ("betas", "eps", "weight_decay")}),
    training.Muon: (
        torch.optim.Muon,
        {"momentum": "momentum", "weight_decay": "weight_decay", "num_steps": "ns_steps"},
    ),
}


@pytest.mark.parametrize(("ours", "theirs", "names"), [(ours, *theirs) for ours, theirs in AS_IN_TORCH.items()])
def test_a_module_or_optimiser_has_the_defaults_of_the_librarys(ours, theirs, names):
    for our_name, their_name in names.items():
        assert defaults(ours)[our_name] == defaults(theirs)[their_name], our_name


def test_a_model_has_the_defaults_of_its_family():
    assert models.GPTConfig.norm_eps == GPT2Config().layer_norm_epsilon
    assert models.BERTConfig.norm_eps == BertConfig().layer_norm_eps
    assert models.BERTConfig.num_segments == BertConfig().type_vocab_size
    assert models.LlamaConfig.rope_base == 10000  # of Llama 1 and 2; Llama 3's is llama3_8b's
    assert models.LlamaConfig.norm_eps == 1e-5  # of Llama 2 and 3
    assert defaults(nn.initialise)["std"] == GPT2Config().initializer_range


OF_PAPERS = [
    # data
    (data.Masking, {"share": 0.15}),  # Devlin et al. (2019), section 3.1
    (data.has_enough_words, {"minimum": 50, "maximum": 100_000}),  # these seven: Rae et al. (2021), appendix A.1
    (data.has_usual_word_length, {"minimum": 3.0, "maximum": 10.0}),
    (data.has_few_symbols, {"maximum": 0.1}),
    (data.has_few_bullets, {"maximum": 0.9}),
    (data.has_few_cut_lines, {"maximum": 0.3}),
    (data.has_alphabetic_words, {"minimum": 0.8}),
    (data.has_stop_words, {"minimum": 2}),
    (data.has_few_repeated_lines, {"maximum": 0.3, "maximum_chars": 0.2}),  # the same, table A1
    (data.NearDuplicates, {"num_bands": 14, "rows_per_band": 8, "shingle_words": 5}),  # Penedo et al. (2024)
    # models
    (models.glove_loss, {"largest": 100.0, "power": 0.75}),  # Pennington et al. (2014), section 3
    (models.noise_distribution, {"power": 0.75}),  # Mikolov et al. (2013), section 2.2
    (models.RopeScaling, {"low_freq_factor": 1.0, "high_freq_factor": 4.0}),  # Llama 3.1
    (models.RopeScaling, {"beta_fast": 32.0, "beta_slow": 1.0}),  # Peng et al. (2023), section 3.2
    # training
    (training.sequence_to_sequence_loss, {"label_smoothing": 0.1}),  # Vaswani et al. (2017), section 5.4
    (training.sequence_to_sequence_objective, {"label_smoothing": 0.1}),
    (training.fused_adamw, {"betas": (0.9, 0.95), "weight_decay": 0.1}),  # Brown et al. (2020), appendix B
    (training.train_step, {"max_grad_norm": 1.0}),
    (training.orthogonalize, {"num_steps": 5}),  # Jordan et al. (2024)
    # evaluation
    (evaluation.calibration, {"num_bins": 15}),  # Guo et al. (2017), section 5
    (evaluation.bootstrap_interval, {"level": 0.95, "num_resamples": 1000}),
    (evaluation.paired_bootstrap, {"level": 0.95, "num_resamples": 1000}),
    # finetuning
    (finetuning.dpo_objective, {"beta": 0.1, "label_smoothing": 0.0}),  # Rafailov et al. (2023), appendix B
    (finetuning.LoRAConfig, {"rank": 8, "alpha": 16.0, "dropout": 0.0}),
    (finetuning.layerwise_adamw, {"factor": 0.8, "betas": (0.9, 0.95), "weight_decay": 0.1}),
    (finetuning.FineTuningConfig, {"num_steps": 300, "batch_size": 16, "weight_decay": 0.1}),
    (finetuning.untrained_tokens, {"similarity": 0.9}),
    (finetuning.predict_answer_spans, {"max_answer_tokens": 30}),  # Devlin et al. (2019), in the code they published
    (finetuning.SequenceClassifier, {"dropout": 0.1}),  # the same, appendix A.3
    (finetuning.TokenTagger, {"dropout": 0.1}),
    # generation
    (generation.beam_search, {"length_penalty": 1.0}),
    (generation.contrastive_search, {"k": 4, "alpha": 0.6}),
    (generation.generate_speculatively, {"num_drafts": 4, "temperature": 1.0}),
    (generation.top_k, {"temperature": 1.0}),
    (generation.top_p, {"temperature": 1.0, "k": None}),
    (generation.min_p, {"temperature": 1.0}),
    # tokenizers: the trainers of the libraries
    (tokenizers.train_unigram, {"max_piece_length": 16, "max_alphabet": 1000}),
    (tokenizers.train_wordpiece, {"max_alphabet": 1000}),
]


@pytest.mark.parametrize(("function", "expected"), OF_PAPERS)
def test_a_default_is_the_papers_or_the_one_that_the_reference_shows(function, expected):
    found = defaults(function)
    assert {name: found.get(name) for name in expected} == expected
