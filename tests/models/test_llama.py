import pytest
import torch

from lmkit.models import Llama, LlamaConfig, llama3_8b

SIZES = {"vocab_size": 23, "context_length": 9, "d_model": 12, "num_layers": 2, "num_heads": 6, "d_ff": 20}


def test_llama3_8b_has_the_published_number_of_parameters():
    with torch.device("meta"):
        model = Llama(llama3_8b())
    assert sum(parameter.numel() for parameter in model.parameters()) == 8_030_261_248
    config = model.config  # table 3 of Grattafiori et al. (2024), and the context of pre-training in section 3.4.1
    assert (config.num_layers, config.d_model, config.d_ff) == (32, 4096, 14336)
    assert (config.num_heads, config.num_kv_heads, config.rope_base) == (32, 8, 500_000)
    assert (config.context_length, config.norm_eps, config.tie_embeddings) == (8192, 1e-5, False)


def test_a_cache_holds_key_value_heads_alone():
    cache = Llama(LlamaConfig(**SIZES, num_kv_heads=2)).make_cache(3, 5)
    assert cache.layers[0].keys.shape == (3, 2, 5, 2)


def test_logits_depend_on_distances_alone():
    model = Llama(LlamaConfig(**SIZES)).double()
    token_ids = torch.tensor([[3, 1, 4, 1, 5]])
    hidden = model.token_embedding(token_ids)
    outputs = []
    for start in (0, 1000):
        x = hidden
        rotation = model.rotary(torch.arange(start, start + 5)[None], torch.float64)
        for layer in model.layers:
            x = layer(x, rotation)
        outputs.append(model.unembedding(model.norm(x)))
    torch.testing.assert_close(outputs[0], model(token_ids), atol=1e-12, rtol=0)
    torch.testing.assert_close(outputs[0], outputs[1], atol=1e-10, rtol=0)


def test_the_rope_layouts_are_one_model_up_to_the_order_of_a_heads_columns():
    sizes = {**SIZES, "num_heads": 3, "num_kv_heads": 1}
    token_ids = torch.tensor([[3, 1, 4, 1, 5]])
    halves = Llama(LlamaConfig(**sizes)).double()
    interleaved = Llama(LlamaConfig(**sizes, rope_layout="interleaved")).double()
    with torch.no_grad():
        for layer in [*halves.layers, *interleaved.layers]:
            layer.attention.qkv.weight *= 20  # so that positions matter
        assert not torch.allclose(interleaved(token_ids), halves(token_ids), atol=1e-3)  # same weights, other pairs
        for layer in interleaved.layers:
            heads = layer.attention.qkv.weight.unflatten(0, (5, 4))  # three query heads, a key and a value
            heads[:4] = heads[:4, [0, 2, 1, 3]]  # pairs are 0 with 2 and 1 with 3, and become 0 with 1 and 2 with 3
    torch.testing.assert_close(interleaved(token_ids), halves(token_ids), atol=1e-12, rtol=0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_kv_heads": 4}, "num_heads=6 is not divisible by num_kv_heads=4"),
        ({"num_heads": 5}, "d_model=12 is not divisible by num_heads=5"),
        ({"rope_base": 0.0}, "rope_base=0.0 must be greater than 0"),
    ],
)
def test_config_names_what_is_wrong(changes, message):
    with pytest.raises(ValueError, match=message):
        LlamaConfig(**{**SIZES, **changes})


def test_rotary_positions_have_the_base_of_the_config():
    assert Llama(LlamaConfig(**SIZES)).rotary.base == 10000
    assert Llama(LlamaConfig(**SIZES, rope_base=500.0)).rotary.base == 500
