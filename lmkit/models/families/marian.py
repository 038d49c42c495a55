"""Marian's checkpoints: translation models of the original architecture, whose activation need not be ReLU."""

from collections.abc import Mapping
from typing import Any, get_args

from lmkit.models.encoder_decoder import EncoderDecoder, EncoderDecoderConfig
from lmkit.models.families.stored import Family, Stored, module, require_value, required, unchanged
from lmkit.nn import Activation

OUR_NAME = {"swish": "silu", "gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh"}
THEIR_NAME = {"gelu_tanh": "gelu_new"}


def _read_config(config: Mapping[str, Any]) -> EncoderDecoderConfig:
    activation = OUR_NAME.get(required(config, "activation_function"), config["activation_function"])
    require_value({"activation_function": activation}, "activation_function", *get_args(Activation))
    require_value(config, "decoder_attention_heads", required(config, "encoder_attention_heads"))
    require_value(config, "decoder_ffn_dim", required(config, "encoder_ffn_dim"))
    tied = config.get("tie_word_embeddings", True)
    shared = config.get("share_encoder_decoder_embeddings", True) and tied
    source_vocab_size = required(config, "vocab_size")
    return EncoderDecoderConfig(
        vocab_size=source_vocab_size if shared else config.get("decoder_vocab_size") or source_vocab_size,
        source_vocab_size=None if shared else source_vocab_size,
        context_length=required(config, "max_position_embeddings"),
        d_model=required(config, "d_model"),
        num_layers=required(config, "encoder_layers"),
        num_decoder_layers=required(config, "decoder_layers"),
        num_heads=config["encoder_attention_heads"],
        d_ff=config["encoder_ffn_dim"],
        activation=activation,
        dropout=float(config.get("dropout", 0.1)),
        scale_embeddings=config.get("scale_embedding", False),
        tie_embeddings=tied,
    )


def _write_config(config: EncoderDecoderConfig) -> dict[str, Any]:
    if config.norm_eps != 1e-5:
        raise ValueError(f"norm_eps={config.norm_eps} cannot be stored: Marian's is always 1e-05")
    d_ff, num_decoder_layers = config.d_ff or 4 * config.d_model, config.num_decoder_layers or config.num_layers
    source_vocab_size = config.source_vocab_size or config.vocab_size
    return {
        "vocab_size": source_vocab_size,
        "decoder_vocab_size": config.vocab_size,
        "share_encoder_decoder_embeddings": config.source_vocab_size is None,
        "max_position_embeddings": config.context_length,
        "d_model": config.d_model,
        "encoder_layers": config.num_layers,
        "decoder_layers": num_decoder_layers,
        "encoder_attention_heads": config.num_heads,
        "decoder_attention_heads": config.num_heads,
        "encoder_ffn_dim": d_ff,
        "decoder_ffn_dim": d_ff,
        "activation_function": THEIR_NAME.get(config.activation, config.activation),
        "dropout": config.dropout,
        "attention_dropout": config.dropout,
        "scale_embedding": config.scale_embeddings,
        "tie_word_embeddings": config.tie_embeddings,
        "is_encoder_decoder": True,
        # Marian's own custom: the last id is padding, and starts the target.
        "pad_token_id": min(source_vocab_size, config.vocab_size) - 1,
        "decoder_start_token_id": config.vocab_size - 1,
        "eos_token_id": 0,
        "forced_eos_token_id": 0,
    }


def _tensors(config: EncoderDecoderConfig) -> dict[str, Stored]:
    table = {"unembedding.bias": Stored(("final_logits_bias",), as_row=True)}
    if config.source_vocab_size is None:
        table |= module("token_embedding", "model.shared", bias=False)
    else:
        table |= module("source_embedding", "model.encoder.embed_tokens", bias=False)
        table |= module("token_embedding", "model.decoder.embed_tokens", bias=False)
    if not config.tie_embeddings:
        table |= module("unembedding", "lm_head", bias=False)
    for i in range(config.num_layers):
        table |= _layer(f"encoder_layers.{i}", f"model.encoder.layers.{i}", config.d_model)
    for i in range(config.num_decoder_layers or config.num_layers):
        ours, theirs = f"decoder_layers.{i}", f"model.decoder.layers.{i}"
        table |= _layer(ours, theirs, config.d_model)
        table |= _attention(f"{ours}.source_attention", f"{theirs}.encoder_attn", config.d_model)
    return table


def _layer(ours: str, theirs: str, d_model: int) -> dict[str, Stored]:
    return {
        **_attention(f"{ours}.attention", f"{theirs}.self_attn", d_model),
        **module(f"{ours}.feed_forward.inner", f"{theirs}.fc1"),
        **module(f"{ours}.feed_forward.output", f"{theirs}.fc2"),
        **module(f"{ours}.feed_forward_norm", f"{theirs}.final_layer_norm"),
    }


def _attention(ours: str, theirs: str, d_model: int) -> dict[str, Stored]:
    qkv = [f"{theirs}.{part}_proj" for part in ("q", "k", "v")]
    return {
        **module(f"{ours}.qkv", *qkv, rows=(d_model,) * 3),
        **module(f"{ours}.output", f"{theirs}.out_proj"),
        **module(f"{ours}_norm", f"{theirs}_layer_norm"),
    }


MARIAN = Family(
    model_type="marian",
    architecture="MarianMTModel",
    model_class=EncoderDecoder,
    config_class=EncoderDecoderConfig,
    read_config=_read_config,
    write_config=_write_config,
    as_stored=unchanged,
    tensors=_tensors,
    rename=str,
    head_tensors=r"(?!)",
    ignored=(
        r"model\.(encoder|decoder)\.embed_positions\.weight",
        r"model\.(encoder|decoder)\.embed_tokens\.weight",
        r"model\.shared\.weight",
        r"lm_head\.weight",
    ),
)
"""Translation models such as those of OPUS-MT."""
