import pytest
import torch

from lmkit.interpretability import record_attention
from lmkit.models import GPT, EncoderDecoder, EncoderDecoderConfig, GPTConfig

SIZES = {"vocab_size": 20, "context_length": 8, "d_model": 12, "num_heads": 3}


def test_gpt_weights_are_those_of_its_formula():
    model = GPT(GPTConfig(**SIZES, num_layers=2)).double().requires_grad_(False)
    token_ids = torch.tensor([[3, 1, 4, 1], [5, 9, 2, 6]])
    expected = model(token_ids)
    with record_attention(model) as weights:
        logits = model(token_ids)
    assert (logits - expected).abs().max() < 1e-12
    assert list(weights) == ["layers.0.attention", "layers.1.attention"]

    layer = model.layers[0]
    x = layer.attention_norm(model.token_embedding(token_ids) + model.position_embedding(torch.arange(4)))
    projected = x @ layer.attention.qkv.weight.T + layer.attention.qkv.bias
    queries, keys, _ = projected.unflatten(-1, (3, 3, 4)).unbind(2)  # what, head, column
    scores = torch.einsum("bthk,bshk->bhts", queries, keys) / 4**0.5
    by_hand = scores.masked_fill(torch.ones(4, 4).triu(1).bool(), -torch.inf).softmax(dim=-1)
    assert (weights["layers.0.attention"] - by_hand).abs().max() < 1e-12


def test_encoder_decoder_has_three_kinds_of_attention():
    model = EncoderDecoder(EncoderDecoderConfig(**SIZES, num_layers=1))
    with record_attention(model) as weights:
        model(torch.tensor([[7, 8]]), source_ids=torch.tensor([[1, 2, 3, 4, 5]]))
    assert {name: tuple(each.shape) for name, each in weights.items()} == {
        "encoder_layers.0.attention": (1, 3, 5, 5),
        "decoder_layers.0.attention": (1, 3, 2, 2),
        "decoder_layers.0.source_attention": (1, 3, 2, 5),
    }


def test_nothing_is_left_behind_even_by_an_error():
    model = GPT(GPTConfig(**SIZES, num_layers=1))
    with pytest.raises(ValueError, match="context_length"), record_attention(model):
        model(torch.zeros(1, 9, dtype=torch.long))
    with record_attention(model) as weights:
        pass
    model(torch.zeros(1, 2, dtype=torch.long))
    assert weights == {}
