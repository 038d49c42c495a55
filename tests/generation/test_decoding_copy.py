"""The copy predicts what the model predicts: both are compared with the same weights in float64."""

import sys

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from lmkit.generation import decoding_copy as module
from lmkit.generation import generate, temperature
from lmkit.generation.decoding_copy import FewRowsLinear, decoding_copy
from lmkit.models import GPT, EncoderDecoder, EncoderDecoderConfig, GPTConfig, Llama, LlamaConfig
from tests.generation.tiny import V, prompts, tiny_gpt

GPT_CONFIG = GPTConfig(vocab_size=V, context_length=64, d_model=12, num_layers=2, num_heads=3)


def make_gpt():
    return GPT(GPT_CONFIG, seed=1)


def make_gpt_without_biases():
    return GPT(GPTConfig(**vars(GPT_CONFIG) | {"bias": False, "tie_embeddings": False}), seed=1)


def make_llama():
    return Llama(
        LlamaConfig(vocab_size=V, context_length=64, d_model=12, num_layers=2, num_heads=3, num_kv_heads=1, d_ff=16)
    )


def make_encoder_decoder():
    return EncoderDecoder(
        EncoderDecoderConfig(vocab_size=V, context_length=64, d_model=12, num_layers=2, num_heads=3, d_ff=16)
    )


def logits_of_steps(model, later_model, text, **inputs):
    """Logits at each token, the first three of which are read as a prompt by the first model."""
    cache = model.make_cache(*text.shape)
    hidden = [model.hidden(text[:, :3], cache=cache, **inputs)]
    hidden += [later_model.hidden(text[:, at : at + 1], cache=cache, **inputs) for at in range(3, text.shape[1])]
    return torch.cat([later_model.unembedding(states) for states in hidden], dim=1)


@pytest.mark.parametrize("make_model", [make_gpt, make_gpt_without_biases, make_llama, make_encoder_decoder])
@pytest.mark.parametrize(("num_rows", "large"), [(1, 0), (3, 0), (3, module.LARGE)])
@torch.no_grad()
def test_logits_are_those_of_the_model(make_model, num_rows, large, monkeypatch):
    monkeypatch.setattr(module, "LARGE", large)
    model, text = make_model().eval(), prompts(num_rows, 8)
    inputs = {"source_ids": prompts(num_rows, 5, seed=1)} if isinstance(model, EncoderDecoder) else {}
    copied = decoding_copy(model, num_rows)
    assert sum(isinstance(layer, FewRowsLinear) for layer in copied.modules()) > 8
    plain, fast = (logits_of_steps(model, later, text, **inputs) for later in (model, copied))
    exact = model.double()(text, **inputs)
    assert (fast - exact).abs().max() < 3 * (plain - exact).abs().max() + 1e-7


@pytest.mark.parametrize("num_rows", [1, 3])
@pytest.mark.parametrize("sizes", [(5, 9), (9, 5)])
def test_any_number_of_rows_can_be_read(num_rows, sizes, monkeypatch):
    monkeypatch.setattr(module, "LARGE", 0)
    layer = torch.nn.Linear(*sizes)
    fast = FewRowsLinear(layer, num_rows)
    for shape in [(1,), (3,), (7,), (1, 1), (3, 1), (2, 4)]:
        x = torch.randn(*shape, sizes[0], generator=torch.Generator().manual_seed(0))
        torch.testing.assert_close(fast(x), layer(x))


@pytest.mark.parametrize(("sizes", "strides"), [((5, 9), (1, 9)), ((9, 5), (9, 1)), ((7, 7), (7, 1))])
def test_for_one_row_weights_lie_along_the_longer_side_and_are_copied_only_for_that(sizes, strides):
    layer = torch.nn.Linear(*sizes)
    weight = FewRowsLinear(layer, num_rows=1).by_longer_side
    assert weight.stride() == strides
    assert torch.equal(weight, layer.weight)
    assert (weight.data_ptr() == layer.weight.data_ptr()) == (sizes != (5, 9))


def test_the_model_stays_as_it_is_and_its_parameters_are_shared():
    model = make_gpt()
    before = {name: type(part) for name, part in model.named_modules()}
    copied = decoding_copy(model, num_rows=1)
    assert {name: type(part) for name, part in model.named_modules()} == before
    assert copied.token_embedding.weight is model.token_embedding.weight
    assert copied.norm.bias is model.norm.bias
    assert copied.layers[0].attention.output.weight.data_ptr() == model.layers[0].attention.output.weight.data_ptr()


def test_no_layer_is_replaced_in_other_number_formats():
    copied = decoding_copy(tiny_gpt(), num_rows=1)
    assert not any(isinstance(layer, FewRowsLinear) for layer in copied.modules())


def test_hooks_run_at_every_step():
    model, calls = make_gpt().eval(), []
    model.layers[0].feed_forward.inner.register_forward_hook(lambda *_: calls.append("linear"))
    model.layers[1].register_forward_pre_hook(lambda *_: calls.append("layer"))
    generate(model, prompts(1, 4), max_new_tokens=40)
    assert calls == ["linear", "layer"] * 40


def test_layers_with_other_kinds_of_parameters_are_used_as_they_are():
    class Watched(torch.nn.Parameter):
        pass

    model = make_gpt()
    layer = model.layers[0].feed_forward.inner
    layer.bias = Watched(layer.bias.detach())
    copied = decoding_copy(model, num_rows=1)
    assert copied.layers[0].feed_forward.inner is layer
    assert isinstance(copied.layers[0].feed_forward.output, FewRowsLinear)


@pytest.mark.parametrize(("more", "num_copies"), [(0, 0), (1, 1)])
def test_a_copy_is_made_once_if_enough_steps_follow_the_prompt(more, num_copies, monkeypatch):
    generation, copies = sys.modules[generate.__module__], []
    monkeypatch.setattr(generation, "decoding_copy", lambda model, num_rows: copies.append(num_rows) or model)
    generate(make_gpt().eval(), prompts(2, 4), max_new_tokens=generation.WORTH_A_COPY + more)
    assert copies == [2] * num_copies


@pytest.mark.parametrize("num_rows", [1, 3])
def test_a_long_text_is_the_same_as_without_a_cache(num_rows):
    model = make_gpt().eval()
    cached, uncached = (
        generate(
            model,
            prompts(num_rows, 4),
            max_new_tokens=60,
            choose_next=temperature(1.0),
            generator=torch.Generator().manual_seed(0),
            use_cache=use_cache,
        )
        for use_cache in (True, False)
    )
    assert cached.equal(uncached)
    assert len(cached[:, 4:].unique()) > 10


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("num_rows", [1, 3])
def test_pytorch_counts_as_many_operations(monkeypatch, num_rows, bias):
    monkeypatch.setattr(module, "LARGE", 2)  # so that these layers are packed for several rows
    layer = torch.nn.Linear(12, 20, bias=bias)
    copied = decoding_copy(layer, num_rows)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        copied(torch.ones(num_rows, 1, 12))
    assert isinstance(copied, FewRowsLinear)
    assert counter.get_total_flops() == 2 * num_rows * 12 * 20
