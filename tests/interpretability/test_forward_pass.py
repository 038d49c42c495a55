"""Each recorded value is compared with the one before it, computed by PyTorch's own functions."""

import pytest
import torch
from torch.nn import functional as F

from lmkit.interpretability import record_attention, record_forward
from lmkit.models import GPTConfig
from tests.small_models import scattered_gpt


@pytest.fixture(scope="module")
def model():
    config = GPTConfig(vocab_size=30, context_length=8, d_model=12, num_layers=2, num_heads=3)
    return scattered_gpt(config, 0.3)


@pytest.fixture(scope="module")
def token_ids():
    return torch.randint(30, (2, 6), generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def values(model, token_ids):
    return record_forward(model, token_ids)


def close(one, other):
    torch.testing.assert_close(one, other, atol=1e-10, rtol=0)


def test_the_last_value_is_what_the_model_returns(model, token_ids, values):
    assert torch.equal(values["logits"], model(token_ids))
    assert torch.equal(values["norm"], model.hidden(token_ids))
    assert list(values)[-1] == "logits"


def test_nothing_stays_attached(model, token_ids, values):
    assert not any(module._forward_hooks for module in model.modules())
    assert not any(value.requires_grad for value in values.values())


def test_the_first_layer_reads_tokens_plus_positions(model, token_ids, values):
    close(values["token_embedding"], model.token_embedding.weight[token_ids])
    close(values["layers.0.input"], values["token_embedding"] + values["position_embedding"])


@pytest.mark.parametrize("index", [0, 1])
def test_a_layer_step_by_step(model, values, index):
    layer, at = model.layers[index], f"layers.{index}."
    normed = F.layer_norm(values[at + "input"], (12,), layer.attention_norm.weight, layer.attention_norm.bias)
    close(values[at + "attention_norm"], normed)
    parts = F.linear(normed, layer.attention.qkv.weight, layer.attention.qkv.bias).chunk(3, dim=-1)
    for name, part in zip(("queries", "keys", "values"), parts, strict=True):
        for head in range(3):
            close(values[at + name][:, head], part[..., 4 * head : 4 * head + 4])
    close(values[at + "scores"], torch.einsum("bhtk,bhsk->bhts", values[at + "queries"], values[at + "keys"]) / 2)
    close(values[at + "weights"] @ values[at + "values"], values[at + "averages"])
    close(values[at + "heads"], torch.cat(list(values[at + "averages"].unbind(1)), dim=-1))
    close(values[at + "attention"], F.linear(values[at + "heads"], *layer.attention.output.parameters()))
    close(values[at + "after_attention"], values[at + "input"] + values[at + "attention"])
    norm = layer.feed_forward_norm
    close(values[at + "feed_forward_norm"], F.layer_norm(values[at + "after_attention"], (12,), norm.weight, norm.bias))
    close(values[at + "inner"], F.linear(values[at + "feed_forward_norm"], *layer.feed_forward.inner.parameters()))
    close(values[at + "activated"], F.gelu(values[at + "inner"], approximate="tanh"))
    close(values[at + "feed_forward"], F.linear(values[at + "activated"], *layer.feed_forward.output.parameters()))
    close(values[at + "output"], values[at + "after_attention"] + values[at + "feed_forward"])


def test_layers_follow_each_other(values):
    assert torch.equal(values["layers.0.output"], values["layers.1.input"])


def test_the_weights_are_those_of_the_layer(model, token_ids, values):
    with record_attention(model) as weights:
        model(token_ids)
    for index in range(2):
        close(values[f"layers.{index}.weights"], weights[f"layers.{index}.attention"])
