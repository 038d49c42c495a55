import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from lmkit.book import ModelSizes
from lmkit.models import Llama, LlamaConfig, llama3_8b

CONFIGS = [
    LlamaConfig(vocab_size=50, context_length=7, d_model=24, num_layers=3, num_heads=4, num_kv_heads=2, d_ff=40),
    LlamaConfig(vocab_size=90, context_length=64, d_model=32, num_layers=1, num_heads=2, d_ff=50, tie_embeddings=True),
    LlamaConfig(vocab_size=20, context_length=1, d_model=48, num_layers=2, num_heads=6, num_kv_heads=1, d_ff=1),
]


def sizes_of(config):
    return ModelSizes(
        vocab_size=config.vocab_size,
        d_model=config.d_model,
        num_layers=config.num_layers,
        num_heads=config.num_heads,
        num_kv_heads=config.num_kv_heads or config.num_heads,
        d_ff=config.d_ff,
        tie_embeddings=config.tie_embeddings,
    )


@pytest.fixture(params=CONFIGS)
def config(request):
    return request.param


def count(*modules):
    return sum(weight.numel() for module in modules for weight in module.parameters())


def test_parameters_are_those_of_the_model(config):
    model = Llama(config)
    parts = sizes_of(config).parameters()
    assert sum(parts.values()) == count(model)
    assert parts["attention"] == count(*(layer.attention for layer in model.layers))
    assert parts["feed-forward"] == count(*(layer.feed_forward for layer in model.layers))
    norms = [norm for layer in model.layers for norm in (layer.attention_norm, layer.feed_forward_norm)]
    assert parts["norms"] == count(model.norm, *norms)


def test_a_large_model_is_counted_without_its_memory():
    with torch.device("meta"):
        model = Llama(llama3_8b())
    assert sum(sizes_of(llama3_8b()).parameters().values()) == count(model) == 8_030_261_248


@pytest.mark.parametrize("rows", [1, 3])
def test_operations_are_those_that_pytorch_counts(config, rows):
    model, length = Llama(config), config.context_length
    counter = FlopCounterMode(display=False)
    with sdpa_kernel(SDPBackend.MATH), counter:
        model(torch.zeros(rows, length, dtype=torch.long)).sum().backward()
    assert counter.get_total_flops() == rows * sum(sizes_of(config).training_flops(length).values())


@pytest.mark.parametrize(("dtype", "bits"), [(torch.float32, 32), (torch.bfloat16, 16), (torch.float8_e4m3fn, 8)])
def test_the_cache_has_the_bytes_of_the_models(config, dtype, bits):
    with torch.device("meta"):
        cache = Llama(config).to(dtype).make_cache(5, config.context_length)
    allocated = sum(tensor.nbytes for layer in cache.layers for tensor in (layer.keys, layer.values))
    assert sizes_of(config).cache_bytes(batch_size=5, length=config.context_length, bits=bits) == allocated


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"num_layers": 0}, "num_layers=0 must be at least 1"),
        ({"num_heads": 5}, "d_model=24 is not divisible by num_heads=5"),
        ({"num_kv_heads": 3}, "num_heads=4 is not divisible by num_kv_heads=3"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(changes, message):
    sizes = {"vocab_size": 50, "d_model": 24, "num_layers": 3, "num_heads": 4, "num_kv_heads": 2, "d_ff": 40}
    with pytest.raises(ValueError, match=message):
        ModelSizes(**sizes | changes)
