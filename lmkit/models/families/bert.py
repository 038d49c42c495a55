"""BERT's checkpoints, with both heads."""

from collections.abc import Mapping
from typing import Any

from lmkit.models.bert import BERT, BERTConfig
from lmkit.models.families.stored import Family, Stored, module, require_value, required, unchanged


def _read_config(config: Mapping[str, Any]) -> BERTConfig:
    require_value(config, "hidden_act", "gelu")
    require_value(config, "position_embedding_type", "absolute")
    require_value(config, "is_decoder", False)
    return BERTConfig(
        vocab_size=required(config, "vocab_size"),
        context_length=required(config, "max_position_embeddings"),
        d_model=required(config, "hidden_size"),
        num_layers=required(config, "num_hidden_layers"),
        num_heads=required(config, "num_attention_heads"),
        d_ff=required(config, "intermediate_size"),
        num_segments=config.get("type_vocab_size", 2),
        dropout=float(config.get("hidden_dropout_prob", 0.1)),
        norm_eps=config.get("layer_norm_eps", 1e-12),
        tie_embeddings=config.get("tie_word_embeddings", True),
    )


def _write_config(config: BERTConfig) -> dict[str, Any]:
    return {
        "vocab_size": config.vocab_size,
        "max_position_embeddings": config.context_length,
        "hidden_size": config.d_model,
        "num_hidden_layers": config.num_layers,
        "num_attention_heads": config.num_heads,
        "intermediate_size": config.d_ff or 4 * config.d_model,
        "hidden_act": "gelu",
        "type_vocab_size": config.num_segments,
        "hidden_dropout_prob": config.dropout,
        "attention_probs_dropout_prob": config.dropout,
        "layer_norm_eps": config.norm_eps,
        "tie_word_embeddings": config.tie_embeddings,
    }


def _tensors(config: BERTConfig) -> dict[str, Stored]:
    table = {
        **module("token_embedding", "bert.embeddings.word_embeddings", bias=False),
        **module("position_embedding", "bert.embeddings.position_embeddings", bias=False),
        **module("segment_embedding", "bert.embeddings.token_type_embeddings", bias=False),
        **module("embedding_norm", "bert.embeddings.LayerNorm"),
        **module("pooler", "bert.pooler.dense"),
        **module("pair_head", "cls.seq_relationship"),
        **module("masked_head", "cls.predictions.transform.dense"),
        **module("masked_head_norm", "cls.predictions.transform.LayerNorm"),
    }
    for i in range(config.num_layers):
        ours, theirs = f"layers.{i}", f"bert.encoder.layer.{i}"
        qkv = [f"{theirs}.attention.self.{part}" for part in ("query", "key", "value")]
        table |= module(f"{ours}.attention.qkv", *qkv, rows=(config.d_model,) * 3)
        table |= module(f"{ours}.attention.output", f"{theirs}.attention.output.dense")
        table |= module(f"{ours}.attention_norm", f"{theirs}.attention.output.LayerNorm")
        table |= module(f"{ours}.feed_forward.inner", f"{theirs}.intermediate.dense")
        table |= module(f"{ours}.feed_forward.output", f"{theirs}.output.dense")
        table |= module(f"{ours}.feed_forward_norm", f"{theirs}.output.LayerNorm")
    if config.tie_embeddings:
        table["unembedding.bias"] = Stored(("cls.predictions.bias",))
    else:
        table |= module("unembedding", "cls.predictions.decoder")
    return table


def _rename(name: str) -> str:
    """The first checkpoints call a gain gamma and a bias beta; a model without its heads has no prefix."""
    name = f"bert.{name}" if name.startswith(("embeddings.", "encoder.", "pooler.")) else name
    return name.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias")


BERT_FAMILY = Family(
    model_type="bert",
    architecture="BertForPreTraining",
    model_class=BERT,
    config_class=BERTConfig,
    read_config=_read_config,
    write_config=_write_config,
    as_stored=unchanged,
    tensors=_tensors,
    rename=_rename,
    head_tensors=r"(pooler|pair_head|masked_head|masked_head_norm|unembedding)\..*",
    ignored=(r"bert\.embeddings\.position_ids", r"cls\.predictions\.(decoder\.weight|decoder\.bias|bias)"),
)
"""BERT as it was pre-trained."""
