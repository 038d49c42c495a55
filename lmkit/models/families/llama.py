"""Llama's checkpoints: queries, keys and values are three matrices, gate and up two, and there is no bias."""

from collections.abc import Mapping
from typing import Any

from lmkit.models.families.stored import Family, Stored, module, require_value, required
from lmkit.models.llama import Llama, LlamaConfig


def _read_config(config: Mapping[str, Any]) -> LlamaConfig:
    require_value(config, "hidden_act", "silu")
    require_value(config, "attention_bias", False)
    require_value(config, "mlp_bias", False)
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    require_value(rope, "rope_type", "default")
    return LlamaConfig(
        vocab_size=required(config, "vocab_size"),
        context_length=required(config, "max_position_embeddings"),
        d_model=required(config, "hidden_size"),
        num_layers=required(config, "num_hidden_layers"),
        num_heads=required(config, "num_attention_heads"),
        num_kv_heads=config.get("num_key_value_heads"),
        d_head=config.get("head_dim"),
        d_ff=required(config, "intermediate_size"),
        rope_base=float(rope.get("rope_theta", config.get("rope_theta", 10000.0))),
        norm_eps=config.get("rms_norm_eps", 1e-6),
        tie_embeddings=config.get("tie_word_embeddings", False),
    )


def _write_config(config: LlamaConfig) -> dict[str, Any]:
    if config.rope_layout != "halves":
        raise ValueError(f"rope_layout={config.rope_layout!r} cannot be stored: config.json implies 'halves'")
    return {
        "vocab_size": config.vocab_size,
        "max_position_embeddings": config.context_length,
        "hidden_size": config.d_model,
        "num_hidden_layers": config.num_layers,
        "num_attention_heads": config.num_heads,
        "num_key_value_heads": config.num_kv_heads or config.num_heads,
        "head_dim": config.d_head or config.d_model // config.num_heads,
        "intermediate_size": config.d_ff,
        "hidden_act": "silu",
        "rope_theta": config.rope_base,
        "rope_parameters": {"rope_theta": config.rope_base, "rope_type": "default"},
        "rms_norm_eps": config.norm_eps,
        "tie_word_embeddings": config.tie_embeddings,
        "bos_token_id": None,
        "eos_token_id": None,
    }


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
    tensors=_tensors,
    rename=_rename,
    head_tensors=r"unembedding\.weight",
    ignored=(r"model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq", r"lm_head\.weight"),
)
"""Llama 1 to 3, without the scaled rotary positions of 3.1 and later."""
