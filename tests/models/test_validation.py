"""Every number of every config is checked, with its bounds."""

import re
from dataclasses import replace

import pytest

from lmkit.models import (
    BERTConfig,
    EncoderDecoderConfig,
    GPTConfig,
    LlamaConfig,
    LSTMConfig,
    PermutationLMConfig,
)

SIZES = {"vocab_size": 23, "context_length": 9, "d_model": 12, "num_layers": 2, "num_heads": 3, "d_ff": 20}
CONFIGS = [
    GPTConfig(**SIZES),
    BERTConfig(**SIZES),
    LlamaConfig(**SIZES, num_kv_heads=1, d_head=4),
    EncoderDecoderConfig(**SIZES, source_vocab_size=23, num_decoder_layers=1),
    PermutationLMConfig(**SIZES),
    LSTMConfig(vocab_size=23, d_model=12, num_layers=2),
]


def name_of(config):
    return type(config).__name__


NUMBERS = [
    (config, name)
    for config in CONFIGS
    for name, value in vars(config).items()
    if type(value) in (int, float) and name != "dropout"
]


@pytest.mark.parametrize(("config", "name"), NUMBERS, ids=[f"{name_of(config)}-{name}" for config, name in NUMBERS])
@pytest.mark.parametrize("sign", [0, -1])
def test_what_must_be_positive_is_named(config, name, sign):
    value = sign * getattr(config, name)
    with pytest.raises(ValueError, match=re.escape(f"{name}={value} must be greater than 0")):
        replace(config, **{name: value})


@pytest.mark.parametrize("config", [config for config in CONFIGS if hasattr(config, "dropout")], ids=name_of)
def test_dropout_is_at_least_0_and_less_than_1(config):
    assert replace(config, dropout=0.0).dropout == 0
    for dropout in (-0.1, 1.0):
        with pytest.raises(ValueError, match=f"dropout={dropout} must be at least 0 and less than 1"):
            replace(config, dropout=dropout)


@pytest.mark.parametrize("config", [config for config in CONFIGS if hasattr(config, "num_heads")], ids=name_of)
def test_heads_divide_the_width(config):
    d_head = {"d_head": None, "num_kv_heads": None} if isinstance(config, LlamaConfig) else {}
    assert replace(config, num_heads=12, **d_head).num_heads == 12
    with pytest.raises(ValueError, match="d_model=12 is not divisible by num_heads=8"):
        replace(config, num_heads=8, **d_head)
