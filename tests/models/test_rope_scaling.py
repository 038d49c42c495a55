"""Scaled rotary positions are those of transformers, computed in float64."""

import json
from dataclasses import replace

import jaxtyping
import pytest
import torch
import transformers
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

from lmkit.models import Llama, LlamaConfig, load_pretrained, save_pretrained
from lmkit.models.families.llama import LLAMA
from lmkit.models.rope_scaling import RopeScaling, ScaledRotaryPositions
from lmkit.nn import RotaryPositions

SIZES = {
    "vocab_size": 29,
    "max_position_embeddings": 64,
    "hidden_size": 32,
    "intermediate_size": 22,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "rope_theta": 500.0,
}
SCALINGS = {
    "linear": {"factor": 2.5},
    "dynamic": {"factor": 2.0},
    "llama3": {
        "factor": 8.0,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 32,
    },
    "yarn": {"factor": 4.0, "original_max_position_embeddings": 16},
    "yarn, in full": {
        "factor": 4.0,
        "original_max_position_embeddings": 16,
        "beta_fast": 8.0,
        "beta_slow": 2.0,
        "truncate": False,
        "mscale": 0.7,
        "mscale_all_dim": 0.4,
    },
    "yarn, with a factor of attention": {
        "factor": 4.0,
        "original_max_position_embeddings": 16,
        "attention_factor": 1.3,
        "mscale": 0.7,
        "mscale_all_dim": 0.4,
    },
    "yarn, of which some pairs are kept": {
        "factor": 4.0,
        "original_max_position_embeddings": 16,
        "beta_fast": 0.5,
        "beta_slow": 0.1,
    },
    "yarn, of narrow bounds": {
        "factor": 4.0,
        "original_max_position_embeddings": 16,
        "beta_fast": 2.8,
        "beta_slow": 2.7,
    },
}


@pytest.mark.parametrize("key", ["type", "rope_type"])
@pytest.mark.parametrize("field", ["rope_scaling", "rope_parameters"])
@pytest.mark.parametrize("name", SCALINGS)
@pytest.mark.parametrize("length", [10, 100])
def test_the_angles_are_those_of_transformers(name, field, key, length, monkeypatch):
    kind, options = name.split(",")[0], SCALINGS[name]
    config = LLAMA.read_config({**SIZES, field: {key: kind, **options}})
    rope = {"rope_type": kind, "rope_theta": 500.0, **options}
    sizes = {name: value for name, value in SIZES.items() if name != "rope_theta"}
    their_config = transformers.LlamaConfig(**sizes, head_dim=16, rope_parameters=rope)
    with monkeypatch.context() as patch:
        patch.setattr(torch, "float", torch.float64)
        patch.setattr(torch, "float32", torch.float64)
        frequencies, gain = ROPE_INIT_FUNCTIONS[kind](their_config, "cpu", seq_len=length)
    positions = torch.arange(length)
    rotation = Llama(config).rotary(positions.unsqueeze(0), torch.float64)
    theta = positions.double().unsqueeze(-1) * frequencies.double()
    torch.testing.assert_close(rotation.cos[0, 0], theta.cos() * gain, atol=1e-10, rtol=0)
    torch.testing.assert_close(rotation.sin[0, 0], theta.sin() * gain, atol=1e-10, rtol=0)


@pytest.mark.parametrize("name", SCALINGS)
def test_scaled_angles_are_at_least_fp32_and_of_the_layout_of_the_config(name):
    kind, options = name.split(",")[0], SCALINGS[name]
    config = LLAMA.read_config({**SIZES, "rope_scaling": {"type": kind, **options}})
    positions = torch.arange(1000, 1010).unsqueeze(0)  # in bf16 many of them are equal
    expected = Llama(config).rotary(positions, torch.float32)
    assert expected.layout == "halves"
    interleaved = Llama(replace(config, rope_layout="interleaved")).rotary(positions, torch.bfloat16)
    assert interleaved.layout == "interleaved"
    assert torch.equal(interleaved.cos, expected.cos)
    assert torch.equal(interleaved.sin, expected.sin)


@pytest.mark.parametrize("name", SCALINGS)
def test_a_round_trip_keeps_the_scaling(name, tmp_path):
    kind, options = name.split(",")[0], SCALINGS[name]
    config = LLAMA.read_config({**SIZES, "rope_scaling": {"type": kind, **options}})
    save_pretrained(Llama(config), tmp_path)
    again = load_pretrained(tmp_path).config.rope_scaling
    if kind == "linear":  # needs no original length, which the file does not have
        assert (again.kind, again.factor) == ("linear", 2.5)
    else:
        assert again == config.rope_scaling
    theirs = transformers.AutoConfig.from_pretrained(tmp_path)
    assert theirs.rope_parameters["rope_type"] == kind
    assert theirs.rope_parameters["factor"] == options["factor"]
    assert json.loads((tmp_path / "config.json").read_text())["max_position_embeddings"] == 64


def test_a_dynamic_model_reads_as_far_as_its_factor_says():
    config = LLAMA.read_config({**SIZES, "rope_scaling": {"type": "dynamic", "factor": 2.0}})
    assert config.context_length == 128


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "linear", "factor": 0.5}, "factor=0.5 must be at least 1"),
        ({"kind": "yarn", "factor": 2.0}, "kind='yarn' needs an original_context_length"),
        (
            {"kind": "llama3", "factor": 2.0, "original_context_length": 8, "low_freq_factor": 4.0},
            "low_freq_factor=4.0 must be less than high_freq_factor=4.0",
        ),
        (
            {"kind": "yarn", "factor": 2.0, "original_context_length": 8, "beta_slow": 32.0},
            "beta_slow=32.0 must be less than beta_fast=32.0",
        ),
        ({"kind": "linear", "factor": 2.0, "beta_slow": 0.0}, "beta_slow=0.0 must be greater than 0"),
        ({"kind": "linear", "factor": 2.0, "low_freq_factor": 0.0}, "low_freq_factor=0.0 must be greater than 0"),
        (
            {"kind": "yarn", "factor": 2.0, "original_context_length": 0},
            "original_context_length=0 must be greater than 0",
        ),
        (
            {"kind": "yarn", "factor": 2.0, "original_context_length": 8, "attention_factor": 0.0},
            "attention_factor=0.0 must be greater than 0",
        ),
    ],
)
def test_what_cannot_be_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        RopeScaling(**options)


@pytest.mark.parametrize("kind", ["linear", "dynamic", "llama3", "yarn"])
def test_a_factor_of_one_changes_no_angle(kind):
    positions = torch.arange(8).unsqueeze(0)
    scaling = RopeScaling(kind=kind, factor=1.0, original_context_length=8)
    scaled = ScaledRotaryPositions(16, scaling, base=500.0)(positions, torch.float64)
    plain = RotaryPositions(16, base=500.0, layout="halves")(positions, torch.float64)
    torch.testing.assert_close(scaled.cos, plain.cos, atol=1e-12, rtol=0)
    torch.testing.assert_close(scaled.sin, plain.sin, atol=1e-12, rtol=0)


def test_what_a_file_does_not_say_of_the_original_length_follows_from_the_other_lengths():
    def scaling(**entries):
        return LLAMA.read_config({**SIZES, **entries}).rope_scaling

    llama3, yarn = {"type": "llama3", "factor": 8.0}, {"type": "yarn", "factor": 8.0}
    assert scaling(rope_scaling=yarn).original_context_length == 64
    for kind in (llama3, yarn):
        assert scaling(rope_scaling=kind, original_max_position_embeddings=32).original_context_length == 32
        both = {**kind, "original_max_position_embeddings": 16}
        assert scaling(rope_scaling=both, original_max_position_embeddings=32).original_context_length == 16
    assert scaling(rope_scaling={"type": "yarn", "original_max_position_embeddings": 16}).factor == 4
    with pytest.raises(ValueError, match="has no factor"):
        scaling(rope_scaling={"type": "llama3", "original_max_position_embeddings": 16})


def test_the_base_is_ten_thousand_unless_said_otherwise():
    config = LlamaConfig(vocab_size=5, context_length=4, d_model=4, num_layers=1, num_heads=1, d_ff=4)
    assert config.rope_base == 10000.0
    rotation = Llama(config).rotary(torch.tensor([[1]]), torch.float64)
    expected = torch.tensor([1.0, 0.01], dtype=torch.float64).cos()
    torch.testing.assert_close(rotation.cos[0, 0, 0], expected, atol=1e-12, rtol=0)


def test_an_unknown_kind_is_refused(monkeypatch):
    monkeypatch.setattr(jaxtyping.config, "jaxtyping_disable", True)  # so that our own check is reached
    with pytest.raises(ValueError, match="kind='longrope' must be one of 'linear', 'dynamic', 'llama3', 'yarn'"):
        RopeScaling(kind="longrope", factor=2.0, original_context_length=8)
