import math

import pytest
import torch

from lmkit.models import (
    BERT,
    GPT,
    BERTConfig,
    EncoderDecoder,
    EncoderDecoderConfig,
    GPTConfig,
    Llama,
    LlamaConfig,
    LSTMConfig,
    LSTMLanguageModel,
    PermutationLM,
    PermutationLMConfig,
)
from lmkit.nn import FeedForward, initialise


def test_spread_of_the_matrices_and_of_those_that_write_to_the_stream():
    layer = FeedForward(d_model=200, d_ff=300, activation="relu")
    initialise(layer, seed=0, num_residual_layers=8)
    assert layer.inner.weight.std().item() == pytest.approx(0.02, rel=0.02)
    assert layer.output.weight.std().item() == pytest.approx(0.02 / math.sqrt(16), rel=0.02)
    assert (layer.inner.bias == 0).all()


@pytest.mark.parametrize(
    ("model_class", "config_class"), [(GPT, GPTConfig), (Llama, LlamaConfig), (PermutationLM, PermutationLMConfig)]
)
def test_a_pre_norm_model_adds_little_to_its_stream(model_class, config_class):
    sizes = {"vocab_size": 50, "context_length": 8, "d_model": 200, "num_layers": 3, "num_heads": 2, "d_ff": 300}
    layer = model_class(config_class(**sizes)).layers[2]
    assert layer.attention.qkv.weight.std().item() == pytest.approx(0.02, rel=0.02)
    for writer in (layer.attention.output, layer.feed_forward.output):
        assert writer.weight.std().item() == pytest.approx(0.02 / math.sqrt(6), rel=0.02)


def test_an_lstm_keeps_the_size_of_what_passes_through_it():
    lstm = LSTMLanguageModel(LSTMConfig(vocab_size=50, d_model=200, num_layers=2)).lstm
    for name, parameter in lstm.named_parameters():
        if name.startswith("weight"):
            assert parameter.std().item() == pytest.approx(1 / math.sqrt(200), rel=0.02)


def test_a_post_norm_model_keeps_the_size_of_what_passes_through_it():
    config = BERTConfig(vocab_size=500, context_length=8, d_model=200, num_layers=1, num_heads=2, tie_embeddings=False)
    model = BERT(config)
    feed_forward = model.layers[0].feed_forward
    assert feed_forward.inner.weight.std().item() == pytest.approx(1 / math.sqrt(200), rel=0.02)
    assert feed_forward.output.weight.std().item() == pytest.approx(1 / math.sqrt(800), rel=0.02)
    assert model.unembedding.weight.std().item() == pytest.approx(0.02, rel=0.02)
    assert model.token_embedding.weight.std().item() == pytest.approx(0.02, rel=0.02)


def test_scaled_embeddings_start_at_size_one():
    config = EncoderDecoderConfig(vocab_size=500, context_length=8, d_model=200, num_layers=1, num_heads=2)
    model = EncoderDecoder(config)
    assert model.unembedding.weight is model.token_embedding.weight
    assert model.token_embedding(torch.arange(500)).std().item() == pytest.approx(1, rel=0.02)


def test_global_randomness_is_neither_read_nor_changed():
    layer = FeedForward(d_model=3, d_ff=4, activation="relu")
    torch.manual_seed(5)
    state = torch.get_rng_state()
    initialise(layer, seed=0)
    first = layer.inner.weight.clone()
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(6)
    initialise(layer, seed=0)
    assert torch.equal(layer.inner.weight, first)
