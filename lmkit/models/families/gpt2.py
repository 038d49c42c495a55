"""GPT-2's checkpoints: every matrix is transposed, and queries, keys and values are one matrix as in ours."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from lmkit.models.families.stored import Family, Stored, module, require_value, required
from lmkit.models.gpt import GPT, GPTConfig


def _read_config(config: Mapping[str, Any]) -> GPTConfig:
    require_value(config, "activation_function", "gelu_new", "gelu_pytorch_tanh")
    require_value(config, "scale_attn_weights", True)
    require_value(config, "scale_attn_by_inverse_layer_idx", False)
    require_value(config, "add_cross_attention", False)
    return GPTConfig(
        vocab_size=required(config, "vocab_size"),
        context_length=required(config, "n_positions"),
        d_model=required(config, "n_embd"),
        num_layers=required(config, "n_layer"),
        num_heads=required(config, "n_head"),
        d_ff=config.get("n_inner"),
        dropout=float(config.get("resid_pdrop", 0.1)),
        norm_eps=config.get("layer_norm_epsilon", 1e-5),
        tie_embeddings=config.get("tie_word_embeddings", True),
    )


def _write_config(config: GPTConfig) -> dict[str, Any]:
    return {
        "vocab_size": config.vocab_size,
        "n_positions": config.context_length,
        "n_ctx": config.context_length,
        "n_embd": config.d_model,
        "n_layer": config.num_layers,
        "n_head": config.num_heads,
        "n_inner": config.d_ff,
        "activation_function": "gelu_new",
        "attn_pdrop": config.dropout,
        "embd_pdrop": config.dropout,
        "resid_pdrop": config.dropout,
        "layer_norm_epsilon": config.norm_eps,
        "tie_word_embeddings": config.tie_embeddings,
        "bos_token_id": None,
        "eos_token_id": None,
    }


def _with_biases(config: GPTConfig, tensors: dict[str, Tensor]) -> tuple[GPTConfig, dict[str, Tensor]]:
    """Give a model without biases those of 0, since GPT-2's layers always have them."""
    if config.bias:
        return config, tensors
    config = replace(config, bias=True)
    with torch.device("meta"):
        shapes = {name: tensor.shape for name, tensor in GPT(config).state_dict().items() if name.endswith(".bias")}
    dtype = next(iter(tensors.values())).dtype
    return config, {**{name: torch.zeros(shape, dtype=dtype) for name, shape in shapes.items()}, **tensors}


def _tensors(config: GPTConfig) -> dict[str, Stored]:
    table = {
        **module("token_embedding", "transformer.wte", bias=False),
        **module("position_embedding", "transformer.wpe", bias=False),
        **module("norm", "transformer.ln_f"),
    }
    for i in range(config.num_layers):
        ours, theirs = f"layers.{i}", f"transformer.h.{i}"
        table |= module(f"{ours}.attention_norm", f"{theirs}.ln_1")
        table |= module(f"{ours}.attention.qkv", f"{theirs}.attn.c_attn", transposed=True)
        table |= module(f"{ours}.attention.output", f"{theirs}.attn.c_proj", transposed=True)
        table |= module(f"{ours}.feed_forward_norm", f"{theirs}.ln_2")
        table |= module(f"{ours}.feed_forward.inner", f"{theirs}.mlp.c_fc", transposed=True)
        table |= module(f"{ours}.feed_forward.output", f"{theirs}.mlp.c_proj", transposed=True)
    if not config.tie_embeddings:
        table |= module("unembedding", "lm_head", bias=False)
    return table


def _rename(name: str) -> str:
    """The first checkpoints hold the model without its head, whose names have no prefix."""
    has_prefix = name.startswith(("transformer.", "lm_head.", "classifier.", "score.", "qa_outputs."))
    return name if has_prefix else f"transformer.{name}"


GPT2 = Family(
    model_type="gpt2",
    architecture="GPT2LMHeadModel",
    model_class=GPT,
    config_class=GPTConfig,
    read_config=_read_config,
    write_config=_write_config,
    as_stored=_with_biases,
    tensors=_tensors,
    rename=_rename,
    head_tensors=r"unembedding\.weight",
    ignored=(r"transformer\.h\.\d+\.attn\.(masked_)?bias", r"lm_head\.weight"),
)
"""GPT-2 and models of its shape."""
