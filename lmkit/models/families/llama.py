"""Llama's checkpoints: queries, keys and values are three matrices, gate and up two, and there is no bias."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

import torch
from torch import Tensor

from lmkit.models.families.stored import Family, Stored, module, require_value, required
from lmkit.models.llama import Llama, LlamaConfig
from lmkit.models.rope_scaling import RopeKind, RopeScaling

SCALING_OPTIONS = ("low_freq_factor", "high_freq_factor", "beta_fast", "beta_slow", "attention_factor", "truncate")


def _read_config(config: Mapping[str, Any]) -> LlamaConfig:
    require_value(config, "hidden_act", "silu")
    require_value(config, "attention_bias", False)
    require_value(config, "mlp_bias", False)
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    scaling = _read_scaling(config, rope)
    length = required(config, "max_position_embeddings")
    if scaling is not None and scaling.kind == "dynamic":
        length = round(length * scaling.factor)  # the file gives the length before scaling
    return LlamaConfig(
        vocab_size=required(config, "vocab_size"),
        context_length=length,
        d_model=required(config, "hidden_size"),
        num_layers=required(config, "num_hidden_layers"),
        num_heads=required(config, "num_attention_heads"),
        num_kv_heads=config.get("num_key_value_heads"),
        d_head=config.get("head_dim"),
        d_ff=required(config, "intermediate_size"),
        rope_base=float(rope.get("rope_theta", config.get("rope_theta", 10000.0))),
        rope_scaling=scaling,
        norm_eps=config.get("rms_norm_eps", 1e-6),
        tie_embeddings=config.get("tie_word_embeddings", False),
    )


def _read_scaling(config: Mapping[str, Any], rope: Mapping[str, Any]) -> RopeScaling | None:
    """Older files call the kind ``type``, newer ones ``rope_type``."""
    kind: Any = rope.get("rope_type") or rope.get("type") or "default"
    require_value({"rope_type": kind}, "rope_type", "default", *get_args(RopeKind))
    require_value(rope, "partial_rotary_factor", 1.0, 1)
    if kind == "default":
        return None
    length = required(config, "max_position_embeddings")
    original = rope.get("original_max_position_embeddings") or config.get("original_max_position_embeddings") or length
    if kind == "dynamic":
        original = length
    factor = required(rope, "factor") if kind != "yarn" else rope.get("factor") or length / original
    options = {name: rope[name] for name in SCALING_OPTIONS if rope.get(name) is not None}
    if rope.get("mscale") and rope.get("mscale_all_dim") and "attention_factor" not in options:
        gains = [0.1 * rope[name] * math.log(factor) + 1 for name in ("mscale", "mscale_all_dim")]
        options["attention_factor"] = gains[0] / gains[1]
    return RopeScaling(kind=kind, factor=float(factor), original_context_length=original, **options)


def _write_scaling(scaling: RopeScaling | None) -> dict[str, Any]:
    if scaling is None:
        return {"rope_type": "default"}
    used = {
        "linear": (),
        "dynamic": (),
        "llama3": ("low_freq_factor", "high_freq_factor"),
        "yarn": ("beta_fast", "beta_slow", "attention_factor", "truncate"),
    }[scaling.kind]
    options = {name: getattr(scaling, name) for name in used if getattr(scaling, name) is not None}
    if scaling.kind in ("llama3", "yarn"):
        options["original_max_position_embeddings"] = scaling.original_context_length
    return {"rope_type": scaling.kind, "factor": scaling.factor, **options}


def _write_config(config: LlamaConfig) -> dict[str, Any]:
    return {
        "vocab_size": config.vocab_size,
        "max_position_embeddings": config.rope_scaling.original_context_length
        if config.rope_scaling is not None and config.rope_scaling.kind == "dynamic"
        else config.context_length,
        "hidden_size": config.d_model,
        "num_hidden_layers": config.num_layers,
        "num_attention_heads": config.num_heads,
        "num_key_value_heads": config.num_kv_heads or config.num_heads,
        "head_dim": config.d_head or config.d_model // config.num_heads,
        "intermediate_size": config.d_ff,
        "hidden_act": "silu",
        "rope_theta": config.rope_base,
        "rope_parameters": {"rope_theta": config.rope_base, **_write_scaling(config.rope_scaling)},
        "rms_norm_eps": config.norm_eps,
        "tie_word_embeddings": config.tie_embeddings,
        "bos_token_id": None,
        "eos_token_id": None,
    }


def _in_halves(config: LlamaConfig, tensors: dict[str, Tensor]) -> tuple[LlamaConfig, dict[str, Tensor]]:
    """Reorder the rows of queries and keys: columns 2i and 2i + 1 of a head become i and d_head / 2 + i."""
    if config.rope_layout == "halves":
        return config, tensors
    num_kv_heads = config.num_kv_heads or config.num_heads
    d_head = config.d_head or config.d_model // config.num_heads
    rows = torch.arange((config.num_heads + 2 * num_kv_heads) * d_head).view(-1, d_head)
    rows[:-num_kv_heads] = rows[:-num_kv_heads].unflatten(1, (-1, 2)).mT.flatten(1)
    reordered = {
        name: tensor[rows.flatten().to(tensor.device)] if name.endswith(".attention.qkv.weight") else tensor
        for name, tensor in tensors.items()
    }
    return replace(config, rope_layout="halves"), reordered


def _tensors(config: LlamaConfig) -> dict[str, Stored]:
    d_head = config.d_head or config.d_model // config.num_heads
    q_rows, kv_rows = config.num_heads * d_head, (config.num_kv_heads or config.num_heads) * d_head
    table = {
        **module("token_embedding", "model.embed_tokens", bias=False),
        **module("norm", "model.norm", bias=False),
    }
    for i in range(config.num_layers):
        ours, theirs = f"layers.{i}", f"model.layers.{i}"
        qkv = [f"{theirs}.self_attn.{part}_proj" for part in ("q", "k", "v")]
        gate_and_up = [f"{theirs}.mlp.{part}_proj" for part in ("gate", "up")]
        table |= module(f"{ours}.attention_norm", f"{theirs}.input_layernorm", bias=False)
        table |= module(f"{ours}.attention.qkv", *qkv, rows=(q_rows, kv_rows, kv_rows), bias=False)
        table |= module(f"{ours}.attention.output", f"{theirs}.self_attn.o_proj", bias=False)
        table |= module(f"{ours}.feed_forward_norm", f"{theirs}.post_attention_layernorm", bias=False)
        table |= module(f"{ours}.feed_forward.gate_and_up", *gate_and_up, rows=(config.d_ff, config.d_ff), bias=False)
        table |= module(f"{ours}.feed_forward.output", f"{theirs}.mlp.down_proj", bias=False)
    if not config.tie_embeddings:
        table |= module("unembedding", "lm_head", bias=False)
    return table


def _rename(name: str) -> str:
    """A model without its head has no prefix."""
    return f"model.{name}" if name.startswith(("embed_tokens.", "layers.", "norm.")) else name


LLAMA = Family(
    model_type="llama",
    architecture="LlamaForCausalLM",
    model_class=Llama,
    config_class=LlamaConfig,
    read_config=_read_config,
    write_config=_write_config,
    as_stored=_in_halves,
    tensors=_tensors,
    rename=_rename,
    head_tensors=r"unembedding\.weight",
    ignored=(r"model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq", r"lm_head\.weight"),
)
"""Llama 1 to 3, with the scaled rotary positions of 3.1 and later."""
