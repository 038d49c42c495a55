"""What a config.json may leave out, must have and may not say, and which tensors of a file are left out."""

import json
from dataclasses import fields

import pytest
import torch
import transformers
from transformers.activations import ACT2FN

from lmkit.models import (
    BERTConfig,
    EncoderDecoder,
    EncoderDecoderConfig,
    GPTConfig,
    LlamaConfig,
    SpecialIds,
    load_pretrained,
    load_special_ids,
    save_pretrained,
)
from lmkit.models.families import BERT_FAMILY, FAMILIES, GPT2, LLAMA, MARIAN
from lmkit.models.rope_scaling import RopeScaling
from lmkit.nn.feedforward import KERNELS
from tests.models.stored_models import OURS, SIZES, change

SIX_SIZES = {
    "vocab_size": 29,
    "max_position_embeddings": 11,
    "hidden_size": 18,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 22,
}
NEEDED = {
    GPT2: {"vocab_size": 29, "n_positions": 11, "n_embd": 18, "n_layer": 2, "n_head": 3},
    LLAMA: SIX_SIZES,
    BERT_FAMILY: SIX_SIZES,
    MARIAN: {
        "vocab_size": 29,
        "max_position_embeddings": 11,
        "d_model": 18,
        "encoder_layers": 2,
        "decoder_layers": 1,
        "encoder_attention_heads": 3,
        "encoder_ffn_dim": 22,
        "activation_function": "relu",
    },
}
THEIR_CONFIGS = {
    GPT2: transformers.GPT2Config,
    LLAMA: transformers.LlamaConfig,
    BERT_FAMILY: transformers.BertConfig,
    MARIAN: transformers.MarianConfig,
}
ALL_DIFFERENT = {
    GPT2: GPTConfig(**SIZES, d_ff=22, dropout=0.25, norm_eps=1e-3, tie_embeddings=False),
    LLAMA: LlamaConfig(
        **SIZES,
        num_kv_heads=1,
        d_head=4,
        d_ff=22,
        rope_base=500.0,
        rope_scaling=RopeScaling(kind="llama3", factor=2.0, original_context_length=8),
        norm_eps=1e-3,
        tie_embeddings=True,
    ),
    BERT_FAMILY: BERTConfig(**SIZES, d_ff=22, num_segments=3, dropout=0.25, norm_eps=1e-3, tie_embeddings=False),
    MARIAN: EncoderDecoderConfig(
        **SIZES,
        source_vocab_size=17,
        num_decoder_layers=1,
        d_ff=22,
        activation="silu",
        dropout=0.25,
        scale_embeddings=False,
        tie_embeddings=False,
    ),
}
NOT_STORED = {GPT2: {"bias"}, LLAMA: {"rope_layout"}, BERT_FAMILY: set(), MARIAN: {"norm_eps"}}
each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.model_type)


@each_family
def test_what_a_config_leaves_out_has_the_default_of_transformers(family):
    their_config = THEIR_CONFIGS[family](**NEEDED[family])
    if family is MARIAN:  # a decoder of other sizes is refused, so the encoder's are its default
        their_config.decoder_attention_heads, their_config.decoder_ffn_dim = 3, 22
    expected = family.read_config(their_config.to_dict())
    assert family.write_config(family.read_config(NEEDED[family])) == family.write_config(expected)


@each_family
def test_what_a_config_must_have_is_named(family):
    for name in NEEDED[family]:
        config = {key: value for key, value in NEEDED[family].items() if key != name}
        with pytest.raises(ValueError, match=rf"config\.json has no {name}$"):
            family.read_config(config)


@each_family
def test_every_field_comes_back(family):
    config = ALL_DIFFERENT[family]
    defaults = {field.name for field in fields(config) if getattr(config, field.name) == field.default}
    assert defaults == NOT_STORED[family]
    assert family.read_config(json.loads(json.dumps(family.write_config(config)))) == config


@pytest.mark.parametrize(
    ("family", "key", "refused", "allowed"),
    [
        (GPT2, "activation_function", "relu", "gelu_pytorch_tanh"),
        (GPT2, "scale_attn_weights", False, True),
        (GPT2, "scale_attn_by_inverse_layer_idx", True, False),
        (GPT2, "add_cross_attention", True, False),
        (LLAMA, "hidden_act", "gelu", "silu"),
        (LLAMA, "attention_bias", True, False),
        (LLAMA, "mlp_bias", True, False),
        (LLAMA, "rope_parameters", {"partial_rotary_factor": 0.5}, {"partial_rotary_factor": 1.0}),
        (LLAMA, "rope_scaling", {"type": "longrope"}, {"type": "linear", "factor": 2.0}),
        (BERT_FAMILY, "hidden_act", "relu", "gelu"),
        (BERT_FAMILY, "position_embedding_type", "relative_key", "absolute"),
        (BERT_FAMILY, "is_decoder", True, False),
        (MARIAN, "activation_function", "mish", "swish"),
        (MARIAN, "decoder_attention_heads", 6, 3),
        (MARIAN, "decoder_ffn_dim", 5, 22),
    ],
)
def test_what_our_models_compute_differently_is_refused(family, key, refused, allowed):
    assert isinstance(family.read_config({**NEEDED[family], key: allowed}), family.config_class)
    with pytest.raises(ValueError, match=r"config\.json has .*; supported: "):
        family.read_config({**NEEDED[family], key: refused})


@pytest.mark.parametrize("activation", KERNELS)
def test_an_activation_is_stored_under_a_name_that_transformers_knows(activation, tmp_path):
    config = EncoderDecoderConfig(**SIZES, activation=activation)
    save_pretrained(EncoderDecoder(config), tmp_path)
    theirs = transformers.MarianMTModel.from_pretrained(tmp_path)
    x = torch.linspace(-5, 5, 101, dtype=torch.float64)
    torch.testing.assert_close(theirs.model.encoder.layers[0].activation_fn(x), KERNELS[activation](x))
    assert load_pretrained(tmp_path).config.activation == activation


@pytest.mark.parametrize("name", ["relu", "gelu", "gelu_new", "gelu_pytorch_tanh", "silu", "swish"])
def test_every_name_of_an_activation_of_ours_is_read(name):
    activation = MARIAN.read_config({**NEEDED[MARIAN], "activation_function": name}).activation
    x = torch.linspace(-5, 5, 101, dtype=torch.float64)
    torch.testing.assert_close(ACT2FN[name](x), KERNELS[activation](x))


def with_first_names_of_bert(tensors):
    for name in list(tensors):
        older = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
        tensors[older] = tensors.pop(name)


@pytest.mark.parametrize(
    ("name", "copies"),
    [
        ("gpt2", ["transformer.h.0.attn.bias", "transformer.h.1.attn.masked_bias", "lm_head.weight"]),
        ("llama-tied", ["model.layers.1.self_attn.rotary_emb.inv_freq", "lm_head.weight"]),
        ("bert", ["bert.embeddings.position_ids", "cls.predictions.decoder.weight", "cls.predictions.decoder.bias"]),
        ("bert-untied", ["cls.predictions.bias"]),
        (
            "marian",
            [
                f"model.{side}.embed_{kind}.weight"
                for side in ("encoder", "decoder")
                for kind in ("positions", "tokens")
            ],
        ),
        ("marian", ["lm_head.weight"]),
        ("marian-separate", ["model.shared.weight"]),
    ],
)
def test_copies_and_heads_of_other_tasks_are_left_out_and_nothing_else(name, copies, tmp_path):
    model = OURS[name]()
    save_pretrained(model, tmp_path)
    extra = {name: torch.zeros(1) for name in [*copies, "score.weight", "classifier.bias", "qa_outputs.bias"]}
    change(tmp_path, lambda tensors: tensors.update(extra))
    if name.startswith("bert"):
        change(tmp_path, with_first_names_of_bert)
    again = load_pretrained(tmp_path)
    for tensor_name, tensor in model.state_dict().items():
        assert torch.equal(again.state_dict()[tensor_name], tensor)
    for unexpected in (f"{copies[0]}.more", f"more.{copies[0]}"):
        change(tmp_path, lambda tensors, name=unexpected: tensors.update({name: torch.zeros(1)}))
        with pytest.raises(ValueError, match="is unexpected in a"):
            load_pretrained(tmp_path)
        change(tmp_path, lambda tensors, name=unexpected: tensors.pop(name))


@each_family
def test_a_model_saved_without_special_tokens_has_those_of_its_family(family, tmp_path):
    """Marian's files have always had them: the last id pads and starts the target, 0 ends it."""
    save_pretrained(family.model_class(ALL_DIFFERENT[family]), tmp_path)
    expected = {
        BERT_FAMILY: SpecialIds(packed=False),
        MARIAN: SpecialIds(start_id=28, end_ids=(0,), pad_id=16, starts_texts=True, packed=False),
    }
    assert load_special_ids(tmp_path) == expected.get(family, SpecialIds())
